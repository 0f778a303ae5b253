/*
 * IP addresses as people and logs write them, and nets and ranges of them.
 */
#ifndef EHLOG_QUERY_ADDRESS_H
#define EHLOG_QUERY_ADDRESS_H

#include "base/slice.h"

/* Network order; an IPv4 address as its IPv4-mapped IPv6 address. */
struct address {
	unsigned char byte[16];
	bool v4;
};

/*
 * 192.0.2.1, 2001:db8::1, in brackets or not, with or without `IPv6:` and a
 * zone; ::ffff:192.0.2.1 is 192.0.2.1.  False when it is no address.
 */
bool address_parse(struct slice s, struct address *a);

/* <0, 0, >0; every IPv4 address comes before every IPv6 address. */
int address_compare(const struct address *a, const struct address *b);

/*
 * The first and the last address of the net a/bits; bits counts as written
 * (0..32, 0..128).  False when there are not so many bits.
 */
bool address_net(const struct address *a, uint64_t bits, struct address *first,
    struct address *last);

#endif
