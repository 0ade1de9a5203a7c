// SPDX-License-Identifier: GPL-2.0
/*
 * The engine: a socket's lock is held, something happened; ask the core and do
 * what it says.
 *
 * Three things happen to a connection: a segment arrives, the timer fires, the
 * program calls. Each ends in clasp_engine_push(), the one place that sends,
 * wakes, changes sk_state, arms the timer and ends a socket's life.
 */
#include <linux/skbuff.h>
#include <net/xfrm.h>

#include "engine.h"
#include "ack.h"
#include "clasp_body.h"
#include "input.h"
#include "listener.h"
#include "net/demux.h"
#include "net/wire.h"
#include "oob.h"
#include "output.h"
#include "pacing.h"
#include "port.h"
#include "queue.h"
#include "stamp.h"
#include "timeout.h"
#include "timer.h"
#include "tune.h"
#include "tw.h"
#include "window.h"

/* Payload that one transmission may have: fits an skb's fragments. */
#define BURST		(60 * 1024)

/*
 * An skb costs more than its payload. Half of the free buffer is offered, as
 * tcp_adv_win_scale does by default.
 */
static void tell_space(struct sock *sk)
{
	int buf = READ_ONCE(sk->sk_rcvbuf);
	int used = atomic_read(&sk->sk_rmem_alloc) +
		   READ_ONCE(sk->sk_backlog.len);

	clasp_window_space(&clasp_sk(sk)->conn, max(buf - used, 0) / 2,
			   buf / 2);
}

/*
 * The route says how much the path takes: it hears of every ICMP error, of
 * other connections' too, and of a device's MTU.
 */
static void tell_path(struct sock *sk)
{
	struct clasp_conn *c = &clasp_sk(sk)->conn;
	u16 mss;

	if (!__sk_dst_get(sk))
		return;

	mss = clasp_ip_path_mss(sk);
	if (mss != c->path_mss)
		clasp_conn_path_mss(c, mss);
}

/* One segment: its payload from @sent, @skip bytes on. */
static int send_segment(struct sock *sk, const struct clasp_sent *sent,
			u32 skip, const struct clasp_segment *seg)
{
	u32 room = clasp_segment_room(seg);
	struct sk_buff *skb;
	int err;

	if (seg->len) {
		skb = clasp_queue_copy(clasp_sent_skb(sent), skip, seg->len,
				       room);
	} else {
		skb = alloc_skb(CLASP_HEADROOM(room), GFP_ATOMIC);
		if (skb)
			skb_reserve(skb, CLASP_HEADROOM(room));
	}
	if (!skb) {
		clasp_count(sock_net(sk), CLASP_COUNT_NO_MEMORY, 1);
		return -ENOMEM;
	}
	if (seg->len)
		clasp_stamp_segment(sk, skb, clasp_sent_skb(sent), seg->seq,
				    seg->len);

	/* what the network refuses is lost, and recovered like any loss */
	err = clasp_ip_xmit(sk, skb, seg);
	if (err == -EHOSTUNREACH || err == -ENETUNREACH)
		clasp_conn_icmp_error(&clasp_sk(sk)->conn, -err, false);

	return 0;
}

/* A transmission of several: PSH and FIN are the last one's, CWR the first's. */
static int transmit(struct sock *sk, const struct clasp_tx *tx)
{
	u32 done = 0;

	do {
		struct clasp_segment seg = tx->segment;
		int err;

		seg.seq += done;
		seg.len = tx->len;
		if (tx->len)
			seg.len = min(tx->len - done, tx->mss);
		if (done + seg.len < tx->len)
			seg.flags &= ~(CLASP_PSH | CLASP_FIN);
		if (done)
			seg.flags &= ~CLASP_CWR;

		err = send_segment(sk, tx->sent, tx->skip + done, &seg);
		/* the rest of a transmission that has begun counts as lost */
		if (err)
			return done ? 0 : err;
		done += seg.len;
	} while (done < tx->len);

	return 0;
}

/* For CLASP_INFO. */
static void count_out(struct sock *sk, const struct clasp_tx *tx, u64 now_us)
{
	struct clasp_sock *cs = clasp_sk(sk);

	cs->last_out_us = now_us;
	cs->data_segs_out += DIV_ROUND_UP(tx->len, tx->mss);
}

static void count_in(struct sock *sk, const struct clasp_segment *seg,
		     u64 now_us)
{
	struct clasp_sock *cs = clasp_sk(sk);

	if (seg->flags & CLASP_ACK)
		cs->last_ack_us = now_us;
	cs->data_segs_in += !!seg->len;
}

static int send_next(struct sock *sk, const struct clasp_tx *tx, u64 now_us)
{
	struct sk_buff *skb = tx->fresh ? clasp_sent_skb(tx->sent) : NULL;
	int err;

	if (skb && tx->len < skb->len) {
		err = clasp_queue_cut(sk, skb, tx->len);
		if (err)
			return err;
	}

	err = transmit(sk, tx);
	if (err)
		return err;

	clasp_output_sent(&clasp_sk(sk)->conn, tx, now_us);
	if (tx->len)
		count_out(sk, tx, now_us);
	if (skb)
		clasp_queue_sent(sk, skb);
	/* IPv6 found a new route, which takes less, and refused the segment */
	tell_path(sk);
	if (clasp_send_is_rtx(tx->why))
		clasp_count(sock_net(sk), CLASP_COUNT_RETRANS,
			    tx->len ? DIV_ROUND_UP(tx->len, tx->mss) : 1);

	return 0;
}

/* Returns true when something has left that is no longer unsent. */
static bool output(struct sock *sk, u64 now_us)
{
	struct clasp_conn *c = &clasp_sk(sk)->conn;
	u32 before = c->snd_nxt;
	struct clasp_tx tx;

	while (clasp_output_next(c, now_us, &tx))
		if (send_next(sk, &tx, now_us))
			break;

	return c->snd_nxt != before;
}

static void arm_timer(struct sock *sk, u64 now_us)
{
	struct clasp_conn *c = &clasp_sk(sk)->conn;
	u64 wake_us = clasp_output_wake(c, now_us);
	unsigned long expires;
	u64 wait_us;

	if (!wake_us) {
		sk_stop_timer(sk, &sk->sk_timer);
		return;
	}

	wait_us = wake_us > now_us ? wake_us - now_us : 0;
	if (wake_us == clasp_timer_at(c, CLASP_TIMER_PACE, now_us)) {
		clasp_pace_arm(sk, wait_us);
		return;
	}
	expires = jiffies + usecs_to_jiffies(min_t(u64, wait_us, INT_MAX));

	/* one that fires early finds nothing due, and is set again */
	if (timer_pending(&sk->sk_timer) &&
	    time_before_eq(sk->sk_timer.expires, expires))
		return;
	sk_reset_timer(sk, &sk->sk_timer, expires);
}

/**
 * clasp_engine_sync_state() - show the core's state to the kernel
 * @sk: socket; lock held
 *
 * A connection in TIME_WAIT lives on in a mini-socket: for the kernel the
 * socket itself is closed.
 */
void clasp_engine_sync_state(struct sock *sk)
{
	u8 state = clasp_sk(sk)->conn.state;

	if (state == CLASP_TIME_WAIT)
		state = CLASP_CLOSED;
	if (sk->sk_state != state)
		inet_sk_set_state(sk, state);
}

/* The connection is over, or its mini-socket has it. */
static bool is_over(const struct sock *sk)
{
	return sk->sk_state == TCP_CLOSE;
}

static void count_end(struct sock *sk, int before)
{
	const struct clasp_conn *c = &clasp_sk(sk)->conn;
	struct net *net = sock_net(sk);

	if (before == TCP_SYN_SENT || before == TCP_SYN_RECV)
		clasp_count(net, CLASP_COUNT_ATTEMPT_FAILS, 1);
	else if (c->error == ECONNRESET || c->error == EPIPE)
		clasp_count(net, CLASP_COUNT_ESTAB_RESETS, 1);
	if (c->error == ETIMEDOUT)
		clasp_count(net, CLASP_COUNT_TIMEOUTS, 1);
}

static void end(struct sock *sk, int before)
{
	if (clasp_sk(sk)->conn.state == CLASP_TIME_WAIT) {
		clasp_count(sock_net(sk), CLASP_COUNT_TIME_WAITS, 1);
		clasp_tw_replace(sk);
	} else {
		count_end(sk, before);
		clasp_unhash_sk(sk);
	}

	sk_stop_timer(sk, &sk->sk_timer);
	clasp_pace_stop(sk);
	clasp_queue_purge_sent(sk);
	clasp_queue_purge_held(sk);
	sk->sk_shutdown = SHUTDOWN_MASK;
}

static void state_changed(struct sock *sk)
{
	int before = sk->sk_state;

	clasp_engine_sync_state(sk);
	if (sk->sk_state == before)
		return;

	if (is_over(sk))
		end(sk, before);
	if (sock_flag(sk, SOCK_DEAD))
		return;

	sk->sk_state_change(sk);
	if (sk->sk_state == TCP_ESTABLISHED)
		sk_wake_async(sk, SOCK_WAKE_IO, POLL_OUT);
}

/* Both SYNs are acknowledged; a FIN may have come with the last of them. */
static bool has_opened(const struct sock *sk)
{
	return (sk->sk_state == TCP_SYN_SENT || sk->sk_state == TCP_SYN_RECV) &&
	       clasp_conn_in(&clasp_sk(sk)->conn, CLASP_IN_SYNCHRONIZED);
}

static void opened(struct sock *sk)
{
	struct clasp_sock *cs = clasp_sk(sk);

	cs->copied_seq = cs->conn.irs + 1;
	if (cs->conn.passive && cs->listener &&
	    clasp_listener_child_ready(sk))
		clasp_conn_abort(&cs->conn, CLASP_SEND_RESET_ABORT);
}

static void end_of_file(struct sock *sk)
{
	sk->sk_shutdown |= RCV_SHUTDOWN;
	sock_set_flag(sk, SOCK_DONE);
	if (sock_flag(sk, SOCK_DEAD))
		return;

	sk->sk_state_change(sk);
	if (sk->sk_shutdown == SHUTDOWN_MASK)
		sk_wake_async(sk, SOCK_WAKE_WAITD, POLL_HUP);
	else
		sk_wake_async(sk, SOCK_WAKE_WAITD, POLL_IN);
}

/* Something was acknowledged or sent: does a program wait to write? */
static void tell_room(struct sock *sk)
{
	/* pairs with clasp_poll()'s: the memory is free before we look for who waits */
	smp_mb();
	if (!sk->sk_socket || !test_bit(SOCK_NOSPACE, &sk->sk_socket->flags))
		return;

	clasp_tune_send(sk);
	sk->sk_write_space(sk);
}

/* For SO_ERROR, which takes it away: each arrives once. */
static void tell_soft_error(struct sock *sk)
{
	struct clasp_sock *cs = clasp_sk(sk);

	if (cs->conn.soft_error == cs->told_soft)
		return;

	cs->told_soft = cs->conn.soft_error;
	WRITE_ONCE(sk->sk_err_soft, cs->told_soft);
}

/* What the core left for us to do. */
static void settle(struct sock *sk)
{
	struct clasp_conn *c = &clasp_sk(sk)->conn;
	u8 todo = c->todo;

	/* that one is push()'s */
	c->todo &= CLASP_TODO_ACKED;
	if (todo & CLASP_TODO_ROUTE) {
		dst_negative_advice(sk);
		clasp_sk(sk)->rehash++;
	}
	if (todo & CLASP_TODO_EOF)
		end_of_file(sk);
	if (todo & CLASP_TODO_ERROR)
		WRITE_ONCE(sk->sk_err, c->error);
	if (todo & CLASP_TODO_STATE) {
		if (has_opened(sk))
			opened(sk);
		state_changed(sk);
	}
	if (todo & CLASP_TODO_ERROR && !sock_flag(sk, SOCK_DEAD))
		sk_error_report(sk);
	tell_soft_error(sk);
}

/*
 * The last of a socket that no program holds and whose connection is over.
 * The caller has the lock and a reference of its own.
 */
static void destroy(struct sock *sk)
{
	struct clasp_sock *cs = clasp_sk(sk);

	if (test_and_set_bit(CLASP_DEFER_DESTROYED, &cs->deferred))
		return;

	sk_stop_timer(sk, &sk->sk_timer);
	clasp_pace_stop(sk);
	clasp_queue_purge_sent(sk);
	clasp_queue_purge_held(sk);
	clasp_port_put(clasp_net(sock_net(sk)), &cs->owner);
	sk_stream_kill_queues(sk);
	xfrm_sk_free_policy(sk);
	atomic_dec(&clasp_net(sock_net(sk))->orphan_count);
	sock_put(sk);
}

static void push(struct sock *sk, u64 now_us)
{
	struct clasp_conn *c = &clasp_sk(sk)->conn;
	bool room = false;

	/*
	 * Settling first: what is acknowledged frees memory, and TIME_WAIT and
	 * CLOSED may still have an ACK or a RST to send before they take effect.
	 */
	do {
		if (c->todo & CLASP_TODO_ACKED) {
			room |= clasp_queue_acked(sk);
			c->todo &= ~CLASP_TODO_ACKED;
		}
		tell_space(sk);
		tell_path(sk);
		clasp_pace_tell(sk);
		room |= output(sk, now_us);
		settle(sk);
	} while (c->todo);
	if (room)
		tell_room(sk);

	clasp_pace_told(sk);
	clasp_chrono_update(sk, now_us);
	if (!is_over(sk))
		arm_timer(sk, now_us);
	else if (sock_flag(sk, SOCK_DEAD))
		destroy(sk);
}

/**
 * clasp_engine_push() - something happened: send, wake, go on
 * @sk: socket; lock held, and a reference besides the one an orphan has itself
 *
 * After this the socket may be closed, and an orphan gone but for the caller's
 * reference.
 */
void clasp_engine_push(struct sock *sk)
{
	push(sk, clasp_now_us());
}

/**
 * clasp_engine_read() - the program has read from the receive queue
 * @sk: socket; lock held
 */
void clasp_engine_read(struct sock *sk)
{
	struct clasp_conn *c = &clasp_sk(sk)->conn;

	clasp_tune_receive(sk);
	tell_space(sk);
	clasp_window_read(c);
	if (c->ack_why)
		clasp_engine_push(sk);
}

/**
 * clasp_engine_orphan() - the program has closed the socket
 * @sk: socket; lock held; dead, and its FIN or RST wanted from the core. The
 *	caller has a reference besides the program's, which goes with the
 *	connection: now, or when it is over
 */
void clasp_engine_orphan(struct sock *sk)
{
	u64 now_us = clasp_now_us();

	atomic_inc(&clasp_net(sock_net(sk))->orphan_count);
	clasp_conn_orphan(&clasp_sk(sk)->conn, now_us);
	push(sk, now_us);
}

/*
 * Leave the payload alone in @skb. What the core did not want of it stays: the
 * control block says where to begin and where to end.
 */
static void deliver(struct sock *sk, struct sk_buff *skb,
		    const struct clasp_segment *seg,
		    const struct clasp_arrival *a, u64 now_us)
{
	clasp_sk(sk)->last_in_us = now_us;
	__skb_pull(skb, seg->hdr_len);
	/* what waits for a reader keeps nothing of the way it came */
	skb_dst_drop(skb);
	secpath_reset(skb);
	skb_orphan(skb);
	clasp_cb(skb)->held = a->held;
	clasp_cb(skb)->held.seq -= a->skip;

	if (a->payload != CLASP_PAYLOAD_HOLD) {
		clasp_queue_receive(sk, skb);
		return;
	}
	clasp_queue_hold(sk, skb);
	clasp_tune_receive(sk);
}

/**
 * clasp_engine_segment() - a segment arrived for a socket
 * @sk: socket with a connection; lock held, by softirq or by its owner
 * @skb: the segment from its header on, checked; consumed
 * @seg: the header, parsed
 */
void clasp_engine_segment(struct sock *sk, struct sk_buff *skb,
			  const struct clasp_segment *seg)
{
	struct clasp_conn *c = &clasp_sk(sk)->conn;
	u64 now_us = clasp_now_us();
	struct clasp_arrival a;
	u32 before = c->rcv_nxt;
	u32 room = 0;

	count_in(sk, seg, now_us);
	if ((seg->len || seg->flags & CLASP_FIN) &&
	    clasp_queue_room(sk, skb, seg->seq))
		room = U32_MAX;
	clasp_input(c, seg, room, now_us, &a);

	if (a.reset)
		clasp_ip_reset_for(sk, skb, seg);
	if (a.urgent_new || a.urgent_here)
		clasp_oob_arrived(sk, skb, seg, &a);
	if (a.payload != CLASP_PAYLOAD_NONE)
		deliver(sk, skb, seg, &a, now_us);
	else if (a.drop)
		clasp_drop(sock_net(sk), skb, a.drop);
	else
		consume_skb(skb);

	if (c->todo & CLASP_TODO_HELD)
		clasp_queue_pull(sk, now_us);
	push(sk, now_us);
	if (c->rcv_nxt != before && !sock_flag(sk, SOCK_DEAD) &&
	    !skb_queue_empty(&sk->sk_receive_queue))
		sk->sk_data_ready(sk);
}

static void timer_due(struct sock *sk)
{
	u64 now_us = clasp_now_us();

	clasp_timeout(&clasp_sk(sk)->conn, now_us);
	push(sk, now_us);
}

/**
 * clasp_engine_timer() - one of the socket's timers fired
 * @sk: socket; the timer's reference goes here
 *
 * Context: BH disabled.
 */
void clasp_engine_timer(struct sock *sk)
{
	struct clasp_sock *cs = clasp_sk(sk);

	bh_lock_sock(sk);
	if (!sock_owned_by_user(sk))
		timer_due(sk);
	else if (!test_and_set_bit(CLASP_DEFER_TIMER, &cs->deferred))
		sock_hold(sk);
	bh_unlock_sock(sk);
	sock_put(sk);
}

static void timer_fired(struct timer_list *timer)
{
	struct sock *sk = timer_container_of(sk, timer, sk_timer);

	clasp_engine_timer(sk);
}

/**
 * clasp_engine_mtu() - the path MTU may have changed
 * @sk: socket; lock held
 */
void clasp_engine_mtu(struct sock *sk)
{
	clasp_engine_push(sk);
}

/**
 * clasp_engine_release_cb() - what came while a program owned the socket
 * @sk: socket; its owner is about to let go, and has a reference
 */
void clasp_engine_release_cb(struct sock *sk)
{
	struct clasp_sock *cs = clasp_sk(sk);

	if (test_and_clear_bit(CLASP_DEFER_MTU, &cs->deferred)) {
		clasp_ip_mtu_deferred(sk);
		__sock_put(sk);
	}
	if (test_and_clear_bit(CLASP_DEFER_TIMER, &cs->deferred)) {
		timer_due(sk);
		__sock_put(sk);
	}
}

/**
 * clasp_engine_init() - a new socket's queues and timer
 * @sk: socket that nobody knows yet
 */
void clasp_engine_init(struct sock *sk)
{
	struct clasp_sock *cs = clasp_sk(sk);

	timer_setup(&sk->sk_timer, timer_fired, 0);
	clasp_pace_init(sk);
	sk->tcp_rtx_queue = RB_ROOT;
	cs->held = RB_ROOT;
	INIT_LIST_HEAD(&cs->order);
	cs->deferred = 0;
	cs->conn.burst = BURST;
}
