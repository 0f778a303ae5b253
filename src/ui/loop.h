/*
 * ehlog with the screen: opens the logs, runs the face over them.
 */
#ifndef EHLOG_UI_LOOP_H
#define EHLOG_UI_LOOP_H

#include "config/options.h"
#include "query/request.h"

/* The exit status: 0, or 2 on trouble. */
int loop_run(const struct options *o, const struct request *r);

#endif
