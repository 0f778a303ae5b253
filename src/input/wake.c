/*
 * The pipe that wakes a thread.
 */
#include "config.h"

#include "input/wake.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "input/file.h"

int
wake_pipe(int wake[2], struct err *err)
{
	if (file_pipe(wake) < 0)
		return err_set(err, "pipe: %s", strerror(errno));
	for (int i = 0; i < 2; i++)
		fcntl(wake[i], F_SETFL, fcntl(wake[i], F_GETFL) | O_NONBLOCK);
	return 0;
}
