/*
 * Who logged in: the user name out of what the client said after AUTH.
 * RFC 4954, PLAIN by RFC 4616, LOGIN and NTLM as they are used.
 *
 * Only the name is taken out.  Passwords are never decoded.
 */
#ifndef EHLOG_SMTP_AUTH_H
#define EHLOG_SMTP_AUTH_H

#include "base/mem.h"
#include "base/slice.h"

/*
 * `mechanism`: PLAIN, LOGIN, NTLM, in any case.  `data`: the base64 of the
 * initial response, or of the client's line after 334 number `turn` (from 0).
 * True when the name was in it; it is appended to *user.
 */
bool auth_user(struct slice mechanism, unsigned turn, struct slice data,
    struct buf *user);

#endif
