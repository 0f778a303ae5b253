/*
 * Where the files that come with ehlog are (demo logs, formats), and where
 * those of the user are.
 */
#ifndef EHLOG_CONFIG_DATADIR_H
#define EHLOG_CONFIG_DATADIR_H

/*
 * Path of a file that comes with ehlog, allocated; the caller frees it.
 * $EHLOG_DATADIR when it is set; else share/ beside the running program (a
 * build that is not installed); else where `make install` put it.  Whether
 * the file is there is for the caller to find out.
 */
char *datadir_path(const char *name);

/*
 * Path of a file of the user's: $XDG_CONFIG_HOME/ehlog/NAME, else
 * ~/.config/ehlog/NAME; allocated.  NULL when there is neither.
 */
char *configdir_path(const char *name);

/* The user's folder for what can be made again, likewise. */
char *cachedir_path(void);

#endif
