// SPDX-License-Identifier: GPL-2.0
/*
 * The options at SOL_CLASP that are one int: what each takes, and does.
 *
 * A row of the table is an option. What a program sets is remembered in the
 * connection, where the core reads it, and by a listener for those it accepts.
 * Ranges and errors are tcp(7)'s.
 */
#include <net/tcp_states.h>

#include "option.h"
#include "address.h"
#include "clasp_body.h"
#include "defer.h"
#include "delack.h"
#include "engine.h"
#include "keepalive.h"
#include "timestamps.h"
#include "usertimeout.h"

/* As for TCP: room for payload beside the options that each segment has. */
#define MAXSEG_LEAST	88
#define MAXSEG_MOST	32767

#define KEEPALIVE_MOST	32767		/* s */
#define TRIES_MOST	127
#define LINGER2_MOST	120		/* s */

static struct clasp_conn *conn_of(struct sock *sk)
{
	return &clasp_sk(sk)->conn;
}

static struct clasp_user *user_of(struct sock *sk)
{
	return &clasp_sk(sk)->annex.user;
}

/* Setting it lets go at once what the program has corked, but does not uncork. */
static int set_nodelay(struct sock *sk, int value)
{
	struct clasp_conn *c = conn_of(sk);

	c->nodelay = !!value;
	if (!value)
		return 0;
	if (user_of(sk)->corked && clasp_unsent_first(c))
		c->override = true;
	clasp_engine_push(sk);

	return 0;
}

static int get_nodelay(struct sock *sk)
{
	return conn_of(sk)->nodelay;
}

static int set_maxseg(struct sock *sk, int value)
{
	if (value && (value < MAXSEG_LEAST || value > MAXSEG_MOST))
		return -EINVAL;

	conn_of(sk)->user_mss = value;

	return 0;
}

static int get_maxseg(struct sock *sk)
{
	const struct clasp_conn *c = conn_of(sk);
	u16 user_mss = READ_ONCE(c->user_mss);

	if (user_mss && (sk->sk_state == TCP_CLOSE || sk->sk_state == TCP_LISTEN))
		return user_mss;

	return clasp_conn_mss(c);
}

static int set_cork(struct sock *sk, int value)
{
	struct clasp_conn *c = conn_of(sk);

	user_of(sk)->corked = !!value;
	if (value)
		return 0;
	c->more_follows = false;
	clasp_engine_push(sk);

	return 0;
}

static int get_cork(struct sock *sk)
{
	return user_of(sk)->corked;
}

/* The keepalive timer is set anew, from when the peer was heard last. */
static int keepalive_changed(struct sock *sk)
{
	clasp_timer_stop(conn_of(sk), CLASP_TIMER_KEEPALIVE);
	clasp_engine_push(sk);

	return 0;
}

/**
 * clasp_keepalive() - proto.keepalive: SO_KEEPALIVE
 * @sk: socket; lock held
 * @on: as the program says
 */
void clasp_keepalive(struct sock *sk, int on)
{
	user_of(sk)->keepalive = !!on;
	keepalive_changed(sk);
}

static int set_keepidle(struct sock *sk, int value)
{
	if (value < 1 || value > KEEPALIVE_MOST)
		return -EINVAL;
	user_of(sk)->keepalive_idle_s = value;

	return keepalive_changed(sk);
}

static int get_keepidle(struct sock *sk)
{
	return clasp_keepalive_idle_s(conn_of(sk));
}

static int set_keepintvl(struct sock *sk, int value)
{
	if (value < 1 || value > KEEPALIVE_MOST)
		return -EINVAL;
	user_of(sk)->keepalive_intvl_s = value;

	return 0;
}

static int get_keepintvl(struct sock *sk)
{
	return clasp_keepalive_intvl_s(conn_of(sk));
}

static int set_keepcnt(struct sock *sk, int value)
{
	if (value < 1 || value > TRIES_MOST)
		return -EINVAL;
	user_of(sk)->keepalive_probes = value;

	return 0;
}

static int get_keepcnt(struct sock *sk)
{
	return clasp_keepalive_probes(conn_of(sk));
}

static int set_syncnt(struct sock *sk, int value)
{
	if (value < 1 || value > TRIES_MOST)
		return -EINVAL;
	user_of(sk)->syn_retries = value;

	return 0;
}

static int get_syncnt(struct sock *sk)
{
	const struct clasp_conn *c = conn_of(sk);

	return user_of(sk)->syn_retries ?: READ_ONCE(c->settings->syn_retries);
}

static int set_defer_accept(struct sock *sk, int value)
{
	WRITE_ONCE(user_of(sk)->defer_accept, clasp_defer_tries(value));

	return 0;
}

static int get_defer_accept(struct sock *sk)
{
	return clasp_defer_seconds(user_of(sk)->defer_accept);
}

static int set_linger2(struct sock *sk, int value)
{
	user_of(sk)->linger2_s = clamp(value, -1, LINGER2_MOST);

	return 0;
}

static int get_linger2(struct sock *sk)
{
	const struct clasp_conn *c = conn_of(sk);

	return user_of(sk)->linger2_s ?:
	       READ_ONCE(c->settings->fin_timeout_ms) / MSEC_PER_SEC;
}

/* None is for a connection that has not told its window yet. */
static int set_window_clamp(struct sock *sk, int value)
{
	if (!value && sk->sk_state != TCP_CLOSE)
		return -EINVAL;
	user_of(sk)->window_clamp =
		value ? max_t(u32, value, SOCK_MIN_RCVBUF / 2) : 0;

	return 0;
}

static int get_window_clamp(struct sock *sk)
{
	return user_of(sk)->window_clamp;
}

static int set_quickack(struct sock *sk, int value)
{
	clasp_delack_quick(conn_of(sk), value);
	clasp_engine_push(sk);

	return 0;
}

static int get_quickack(struct sock *sk)
{
	return !conn_of(sk)->delack.answers;
}

/* Milliseconds; 0 for as many retransmissions as the namespace allows. */
static int set_user_timeout(struct sock *sk, int value)
{
	if (value < 0)
		return -EINVAL;
	user_of(sk)->timeout_ms = value;
	clasp_user_timeout_progress(conn_of(sk));
	clasp_engine_push(sk);

	return 0;
}

static int get_user_timeout(struct sock *sk)
{
	return user_of(sk)->timeout_ms;
}

static int set_notsent_lowat(struct sock *sk, int value)
{
	WRITE_ONCE(clasp_sk(sk)->notsent_lowat, value);
	sk->sk_write_space(sk);

	return 0;
}

static int get_notsent_lowat(struct sock *sk)
{
	return READ_ONCE(clasp_sk(sk)->notsent_lowat);
}

/* Of no effect: PRR and RACK do better for thin streams than either did. */
static int set_thin(struct sock *sk, int value)
{
	return value < 0 || value > 1 ? -EINVAL : 0;
}

static int set_thin_linear(struct sock *sk, int value)
{
	if (set_thin(sk, value))
		return -EINVAL;
	WRITE_ONCE(clasp_sk(sk)->thin_linear, value);

	return 0;
}

static int get_thin_linear(struct sock *sk)
{
	return READ_ONCE(clasp_sk(sk)->thin_linear);
}

static int get_thin_dupack(struct sock *sk)
{
	return 0;
}

/* Only who repairs a connection sets it. */
static int set_timestamp(struct sock *sk, int value)
{
	return -EPERM;
}

static int get_timestamp(struct sock *sk)
{
	return clasp_timestamps_value(&conn_of(sk)->ts, clasp_now_us());
}

static int set_save_syn(struct sock *sk, int value)
{
	if (value < 0 || value > 2)
		return -EINVAL;
	WRITE_ONCE(clasp_sk(sk)->save_syn, value);

	return 0;
}

static int get_save_syn(struct sock *sk)
{
	return READ_ONCE(clasp_sk(sk)->save_syn);
}

static int get_inq(struct sock *sk)
{
	return !!READ_ONCE(clasp_sk(sk)->inq_level);
}

static int set_tx_delay(struct sock *sk, int value)
{
	WRITE_ONCE(clasp_sk(sk)->tx_delay_us, value);

	return 0;
}

static int get_tx_delay(struct sock *sk)
{
	return READ_ONCE(clasp_sk(sk)->tx_delay_us);
}

static int set_name_family(struct sock *sk, int value)
{
	int err = clasp_address_set_family(sk, value);

	if (!err)
		WRITE_ONCE(clasp_sk(sk)->name_family, value);

	return err;
}

static int get_name_family(struct sock *sk)
{
	return READ_ONCE(clasp_sk(sk)->name_family);
}

static int get_state(struct sock *sk)
{
	return READ_ONCE(conn_of(sk)->state);
}

static const struct clasp_knob knobs[] = {
	{ CLASP_NODELAY,	set_nodelay,	  get_nodelay },
	{ CLASP_MAXSEG,		set_maxseg,	  get_maxseg },
	{ CLASP_CORK,		set_cork,	  get_cork },
	{ CLASP_KEEPIDLE,	set_keepidle,	  get_keepidle },
	{ CLASP_KEEPINTVL,	set_keepintvl,	  get_keepintvl },
	{ CLASP_KEEPCNT,	set_keepcnt,	  get_keepcnt },
	{ CLASP_SYNCNT,		set_syncnt,	  get_syncnt },
	{ CLASP_LINGER2,	set_linger2,	  get_linger2 },
	{ CLASP_DEFER_ACCEPT,	set_defer_accept, get_defer_accept },
	{ CLASP_WINDOW_CLAMP,	set_window_clamp, get_window_clamp },
	{ CLASP_QUICKACK,	set_quickack,	  get_quickack },
	{ CLASP_THIN_LINEAR_TIMEOUTS, set_thin_linear, get_thin_linear },
	{ CLASP_THIN_DUPACK,	set_thin,	  get_thin_dupack },
	{ CLASP_USER_TIMEOUT,	set_user_timeout, get_user_timeout },
	{ CLASP_TIMESTAMP,	set_timestamp,	  get_timestamp },
	{ CLASP_NOTSENT_LOWAT,	set_notsent_lowat, get_notsent_lowat },
	{ CLASP_SAVE_SYN,	set_save_syn,	  get_save_syn },
	{ CLASP_INQ,		NULL,		  get_inq },
	{ CLASP_TX_DELAY,	set_tx_delay,	  get_tx_delay },
	{ CLASP_NAME_FAMILY,	set_name_family,  get_name_family },
	{ CLASP_STATE,		NULL,		  get_state },
};

/**
 * clasp_knob_find() - an option that is one int
 * @name: CLASP_*
 *
 * Return: its row, or NULL.
 */
const struct clasp_knob *clasp_knob_find(int name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(knobs); i++)
		if (knobs[i].name == name)
			return &knobs[i];

	return NULL;
}
