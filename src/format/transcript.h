/* Transcripts that clients and libraries print: swaks, curl, PHPMailer, ... */
#ifndef EHLOG_FORMAT_TRANSCRIPT_H
#define EHLOG_FORMAT_TRANSCRIPT_H

#include "format/format.h"

extern const struct format format_transcript;

#endif
