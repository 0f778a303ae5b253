/*
 * The pipe that wakes the face.
 */
#include "config.h"

#include "ui/wake.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int
wake_pipe(int wake[2], struct err *err)
{
	if (pipe(wake) < 0)
		return err_set(err, "pipe: %s", strerror(errno));
	for (int i = 0; i < 2; i++) {
		int flags = fcntl(wake[i], F_GETFL);

		fcntl(wake[i], F_SETFL, flags | O_NONBLOCK);
		fcntl(wake[i], F_SETFD, FD_CLOEXEC);
	}
	return 0;
}
