/*
 * The terminal, by way of curses: cells become output, input becomes keys.
 * No other file includes <curses.h>, and nothing of curses leaves this one.
 *
 * Curses finds out what to send: it is given whole rows, so that it can see
 * rows that moved and scroll them.
 */
#include "config.h"

#include "ui/term.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "ui/osc52.h"
#include "ui/signals.h"

/* How long an Esc may wait for the rest of a key's sequence. */
#define ESC_WAIT_MS 50

struct terminal {
	SCREEN *screen;
	FILE *in;
	bool own_in;
	WINDOW *keys;            /* a pad: reading from it draws nothing */
	struct canvas shown;     /* what curses was given last */
	attr_t attributes[STYLE_COUNT];
	short pairs[STYLE_COUNT];
	bool quiet[STYLE_COUNT]; /* a blank in it looks like any blank */
	cchar_t *row;            /* one row on its way */
	struct termios modes;    /* as they were before */
};

static int
check_terminal(struct err *err)
{
	const char *name = getenv("TERM");
	const char *cup;
	int what;

	if (!name || !*name)
		return err_set(err, "TERM is not set: what terminal is this? "
		    "(--print=table needs none)");
	if (setupterm(NULL, STDOUT_FILENO, &what) == ERR)
		return err_set(err, "nothing is known of the terminal '%.60s' "
		    "(--print=table needs none)", name);
	cup = tigetstr("cup");
	del_curterm(cur_term);
	if (!cup || cup == (char *)-1)
		return err_set(err, "the terminal '%.60s' cannot place its "
		    "cursor (--print=table does without)", name);
	return 0;
}

static int
open_input(struct terminal *t, struct err *err)
{
	if (isatty(STDIN_FILENO)) {
		t->in = stdin;
		return 0;
	}
	/* Standard input may be a log: keys are asked of the terminal
	   itself. */
	t->in = fopen("/dev/tty", "r");
	if (!t->in)
		return err_set(err, "/dev/tty: %s", strerror(errno));
	t->own_in = true;
	return 0;
}

/* NULL when the terminal has it not. */
static const char *
capability(const char *name)
{
	const char *s = tigetstr((char *)(uintptr_t)name);

	return s == (const char *)-1 ? NULL : s;
}

/* Capabilities hold delays, $<5>, which no write(2) in a handler can keep. */
static void
add_undelayed(struct buf *out, const char *s)
{
	for (; s && *s; s++) {
		if (s[0] == '$' && s[1] == '<' && strchr(s, '>'))
			s = strchr(s, '>');
		else
			buf_add_char(out, *s);
	}
}

/* To the last line, where the status line was, and away with it. */
static void
add_last_line(struct buf *out)
{
	const char *cup = capability("cup");

	if (cup)
		add_undelayed(out, tparm((char *)(uintptr_t)cup, LINES - 1, 0,
		    0, 0, 0, 0, 0, 0, 0));
	add_undelayed(out, capability("el"));
}

static void
prepare_rescue(struct terminal *t)
{
	struct buf out = { 0 };

	add_undelayed(&out, capability("sgr0"));
	add_undelayed(&out, capability("op"));
	add_undelayed(&out, capability("cnorm"));
	add_undelayed(&out, capability("rmkx"));
	add_last_line(&out);
	add_undelayed(&out, capability("rmcup"));
	buf_add(&out, SLICE("\r\n"));
	/* What keys come from may have been opened for reading alone. */
	signals_rescue(STDOUT_FILENO, fileno(t->in), &t->modes, out.p, out.n);
	buf_free(&out);
}

/* Curses sends at once what it has, so the two do not mix. */
static void
send_bytes(struct slice bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(STDOUT_FILENO, bytes.p, bytes.n);

		if (n < 0 && errno != EINTR)
			break;
		if (n > 0)
			bytes = slice_from(bytes, (size_t)n);
	}
}

/*
 * Curses gives the screen back.  Where there is no other one to go back to,
 * the status line would stay, and the shell would write over it.
 */
static void
leave_screen(void)
{
	struct buf out = { 0 };

	curs_set(1);
	endwin();
	if (capability("rmcup"))
		return;
	add_last_line(&out);
	buf_add(&out, SLICE("\r\n"));
	send_bytes(buf_slice(&out));
	buf_free(&out);
}

/* Sequences that terminals send although their entry has others. */
static void
define_more_keys(void)
{
	static const struct {
		const char *sequence;
		int key;
	} more[] = {
		{ "\033[A", KEY_UP }, { "\033OA", KEY_UP },
		{ "\033[B", KEY_DOWN }, { "\033OB", KEY_DOWN },
		{ "\033[C", KEY_RIGHT }, { "\033OC", KEY_RIGHT },
		{ "\033[D", KEY_LEFT }, { "\033OD", KEY_LEFT },
		{ "\033[H", KEY_HOME }, { "\033OH", KEY_HOME },
		{ "\033[1~", KEY_HOME }, { "\033[7~", KEY_HOME },
		{ "\033[F", KEY_END }, { "\033OF", KEY_END },
		{ "\033[4~", KEY_END }, { "\033[8~", KEY_END },
		{ "\033[5~", KEY_PPAGE }, { "\033[6~", KEY_NPAGE },
		{ "\033[3~", KEY_DC },
		{ "\033OP", KEY_F(1) }, { "\033[11~", KEY_F(1) },
		{ "\033[[A", KEY_F(1) },
	};

	for (size_t i = 0; i < sizeof more / sizeof more[0]; i++)
		if (key_defined(more[i].sequence) == 0)
			define_key(more[i].sequence, more[i].key);
}

static void
set_modes(struct terminal *t)
{
	cbreak();
	noecho();
	nonl();
	curs_set(0);
	if (!getenv("ESCDELAY"))
		set_escdelay(ESC_WAIT_MS);
	idlok(stdscr, TRUE);
	leaveok(stdscr, FALSE);
	scrollok(stdscr, FALSE);
	t->keys = newpad(1, 1);
	keypad(t->keys, TRUE);
	nodelay(t->keys, TRUE);
	define_more_keys();
	if (has_colors()) {
		start_color();
		if (use_default_colors() == ERR)
			assume_default_colors(COLOR_WHITE, COLOR_BLACK);
	}
}

struct terminal *
term_open(struct err *err)
{
	struct terminal *t;

	if (check_terminal(err) < 0)
		return NULL;
	t = mem_alloc(sizeof *t);
	if (open_input(t, err) < 0)
		goto out;
	tcgetattr(fileno(t->in), &t->modes);
	t->screen = newterm(NULL, stdout, t->in);
	if (!t->screen) {
		err_set(err, "the terminal cannot be opened");
		goto out;
	}
	set_term(t->screen);
	canvas_init(&t->shown);
	set_modes(t);
	prepare_rescue(t);
	return t;
out:
	if (t->own_in)
		fclose(t->in);
	free(t);
	return NULL;
}

void
term_close(struct terminal *t)
{
	if (!t)
		return;
	leave_screen();
	signals_rescue_none();
	tcsetattr(fileno(t->in), TCSANOW, &t->modes);
	delwin(t->keys);
	delscreen(t->screen);
	if (t->own_in)
		fclose(t->in);
	canvas_free(&t->shown);
	free(t->row);
	free(t);
}

int
term_fd(const struct terminal *t)
{
	return fileno(t->in);
}

int
term_rows(const struct terminal *t)
{
	(void)t;
	return LINES;
}

int
term_cols(const struct terminal *t)
{
	(void)t;
	return COLS;
}

bool
term_has_colours(const struct terminal *t)
{
	(void)t;
	return has_colors() && COLORS >= 8;
}

static short
usable_colour(short number)
{
	return number < COLORS ? number : (short)-1;
}

void
term_set_theme(struct terminal *t, const struct theme *theme)
{
	for (int i = 0; i < STYLE_COUNT; i++) {
		const struct look *look = &theme->looks[i];
		attr_t a = A_NORMAL;

		if (look->attributes & LOOK_BOLD)
			a |= A_BOLD;
		if (look->attributes & LOOK_UNDERLINE)
			a |= A_UNDERLINE;
		if (look->attributes & LOOK_REVERSE)
			a |= A_REVERSE;
		if (look->attributes & LOOK_DIM)
			a |= A_DIM;
		t->attributes[i] = a;
		t->pairs[i] = 0;
		t->quiet[i] = look->back < 0 && !(look->attributes &
		    (LOOK_UNDERLINE | LOOK_REVERSE));
		if (!theme->colour || (look->fore < 0 && look->back < 0))
			continue;
		if (init_pair((short)(i + 1), usable_colour(look->fore),
		    usable_colour(look->back)) != ERR)
			t->pairs[i] = (short)(i + 1);
	}
}

/* A cell as curses wants it: the glyph, and marks that join it. */
static void
cell_to_curses(const struct terminal *t, const struct cell *c,
    unsigned style, cchar_t *out)
{
	wchar_t wide[CCHARW_MAX + 1] = { 0 };
	mbstate_t state = { 0 };
	const char *p = c->text;
	size_t left = strlen(p), used;

	for (int i = 0; i < CCHARW_MAX && left > 0; i++) {
		used = mbrtowc(&wide[i], p, left, &state);
		if (used == 0 || used > left) {
			wide[i] = i ? L'\0' : L'?';
			break;
		}
		p += used;
		left -= used;
	}
	if (setcchar(out, wide, t->attributes[style], t->pairs[style], NULL) == ERR)
		setcchar(out, L"?", A_NORMAL, 0, NULL);
}

static bool
is_blank(const struct cell *c)
{
	return c->text[0] == ' ' && c->text[1] == '\0';
}

/*
 * Blanks between words keep the style of the word before them where that
 * makes no difference to the eye: it saves many bytes.
 */
static void
draw_row(struct terminal *t, const struct canvas *cv, int row)
{
	int n = 0, end = cv->cols;
	unsigned style = STYLE_NORMAL;

	while (end > 0 && is_blank(canvas_at(cv, row, end - 1)))
		end--;
	for (int col = 0; col < cv->cols; col++) {
		const struct cell *c = canvas_at(cv, row, col);

		if (c->width == 0)
			continue;
		if (!is_blank(c) || col >= end || !t->quiet[c->style] ||
		    !t->quiet[style])
			style = c->style;
		cell_to_curses(t, c, style, &t->row[n++]);
	}
	mvadd_wchnstr(row, 0, t->row, n);
}

void
term_draw(struct terminal *t, const struct canvas *cv)
{
	bool all = t->shown.rows != cv->rows || t->shown.cols != cv->cols;
	size_t bytes = (size_t)cv->cols * sizeof(struct cell);

	if (all) {
		canvas_resize(&t->shown, cv->rows, cv->cols);
		t->row = mem_resize(t->row, (size_t)cv->cols + 1,
		    sizeof *t->row);
		erase();
	}
	for (int row = 0; row < cv->rows && row < LINES; row++) {
		const struct cell *now = canvas_at(cv, row, 0);
		struct cell *was = t->shown.cells +
		    (size_t)row * (size_t)cv->cols;

		if (!all && memcmp(now, was, bytes) == 0)
			continue;
		draw_row(t, cv, row);
		memcpy(was, now, bytes);
	}
	if (all || cv->cursor_shown != t->shown.cursor_shown)
		curs_set(cv->cursor_shown ? 1 : 0);
	t->shown.cursor_shown = cv->cursor_shown;
	move(cv->cursor_row, cv->cursor_col);
	refresh();
}

void
term_redraw(struct terminal *t)
{
	(void)t;
	clearok(curscr, TRUE);
}

void
term_resize(struct terminal *t)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 ||
	    size.ws_row == 0 || size.ws_col == 0)
		return;
	if (size.ws_row != LINES || size.ws_col != COLS) {
		resizeterm(size.ws_row, size.ws_col);
		prepare_rescue(t);
	}
	/* What the terminal made of its contents nobody knows. */
	canvas_resize(&t->shown, 1, 1);
	clearok(curscr, TRUE);
}

static const struct {
	int curses, key;
} key_codes[] = {
	{ KEY_UP, KEYS_UP }, { KEY_DOWN, KEYS_DOWN },
	{ KEY_LEFT, KEYS_LEFT }, { KEY_RIGHT, KEYS_RIGHT },
	{ KEY_PPAGE, KEYS_PGUP }, { KEY_NPAGE, KEYS_PGDN },
	{ KEY_HOME, KEYS_HOME }, { KEY_FIND, KEYS_HOME },
	{ KEY_END, KEYS_END }, { KEY_SELECT, KEYS_END },
	{ KEY_LL, KEYS_END },
	{ KEY_A1, KEYS_HOME }, { KEY_A3, KEYS_PGUP },
	{ KEY_C1, KEYS_END }, { KEY_C3, KEYS_PGDN },
	{ KEY_IC, KEYS_INSERT }, { KEY_DC, KEYS_DELETE },
	{ KEY_BACKSPACE, KEYS_BACKSPACE }, { KEY_BTAB, KEYS_BACKTAB },
	{ KEY_ENTER, KEYS_ENTER },
};

static int
key_from_curses(int code)
{
	for (size_t i = 0; i < sizeof key_codes / sizeof key_codes[0]; i++)
		if (key_codes[i].curses == code)
			return key_codes[i].key;
	if (code > KEY_F0 && code <= KEY_F(63))
		return KEYS_F0 + (code - KEY_F0);
	return KEYS_UNKNOWN;
}

int
term_key(struct terminal *t)
{
	wint_t wide;
	int kind;

	do {
		kind = wget_wch(t->keys, &wide);
	} while (kind == KEY_CODE_YES && wide == KEY_RESIZE);
	if (kind == ERR)
		return KEYS_NONE;
	if (kind == KEY_CODE_YES)
		return key_from_curses((int)wide);
	if (wide == '\n' || wide == '\r')
		return KEYS_ENTER;
	if (wide == 127)
		return KEYS_BACKSPACE;
	return wide > 0x10ffff || wide == 0 ? KEYS_UNKNOWN : (int)wide;
}

bool
term_copy(struct terminal *t, struct slice text)
{
	struct buf out = { 0 };
	bool made = osc52_make(&out, text, getenv("TERM"), getenv("TMUX"));

	(void)t;
	if (made)
		send_bytes(buf_slice(&out));
	buf_free(&out);
	return made;
}

void
term_suspend(struct terminal *t)
{
	(void)t;
	leave_screen();
	signals_rescue_none();
}

void
term_resume(struct terminal *t)
{
	struct termios now;

	/*
	 * The shell may have changed its modes; but this is also called when
	 * the process goes on without having stopped by itself, and then they
	 * may be our own.
	 */
	if (tcgetattr(fileno(t->in), &now) == 0 && (now.c_lflag & ICANON)) {
		t->modes = now;
		def_shell_mode();
	}
	reset_prog_mode();
	canvas_resize(&t->shown, 1, 1);
	clearok(curscr, TRUE);
	term_resize(t);
	prepare_rescue(t);
}
