// SPDX-License-Identifier: GPL-2.0
/*
 * What a connection tells of itself: CLASP_INFO, and TCP_INFO for programs that
 * know that one.
 */
#include <linux/tcp.h>
#include <net/tcp.h>

#include "option.h"
#include "clasp_body.h"
#include "recovery.h"
#include "seq.h"

/**
 * clasp_unread() - bytes that the program could read now
 * @sk: socket; the lock makes the answer exact
 */
u32 clasp_unread(const struct sock *sk)
{
	const struct clasp_sock *cs = clasp_sk(sk);
	s32 unread;

	if (skb_queue_empty_lockless(&sk->sk_receive_queue))
		return 0;

	unread = READ_ONCE(cs->conn.rcv_nxt) - READ_ONCE(cs->copied_seq);
	/* both move while we look */
	if (unread <= 0)
		return 0;
	/* the FIN has a number, too */
	if (sock_flag(sk, SOCK_DONE))
		unread--;

	return unread;
}

/**
 * clasp_unacked() - bytes written that the peer has not acknowledged
 * @sk: socket; the lock makes the answer exact
 */
u32 clasp_unacked(const struct sock *sk)
{
	const struct clasp_conn *c = &clasp_sk(sk)->conn;

	if (sk->sk_state == TCP_SYN_SENT || sk->sk_state == TCP_SYN_RECV)
		return 0;

	return c->write_seq - seq_min(c->snd_una, c->write_seq);
}

/**
 * clasp_unsent() - bytes written that were not sent
 * @sk: socket; the lock makes the answer exact
 */
u32 clasp_unsent(const struct sock *sk)
{
	const struct clasp_conn *c = &clasp_sk(sk)->conn;

	if (sk->sk_state == TCP_SYN_SENT || sk->sk_state == TCP_SYN_RECV)
		return 0;

	return c->write_seq - seq_min(c->snd_nxt, c->write_seq);
}

static u32 ms_since(u64 then_us, u64 now_us)
{
	return then_us ? div_u64(now_us - then_us, USEC_PER_MSEC) : U32_MAX;
}

/* Bytes that lie behind a gap. They may overlap; what does counts once. */
static u32 unordered(const struct clasp_conn *c)
{
	const struct clasp_held *held;
	u32 end = c->rcv_nxt, bytes = 0;

	for (held = clasp_held_first(c); held; held = clasp_held_next(c, held)) {
		u32 from = seq_max(held->seq, end);

		end = seq_max(held->end_seq, end);
		bytes += end - seq_min(from, end);
	}

	return bytes;
}

static u8 recovery(const struct clasp_conn *c)
{
	if (clasp_conn_reducing(c))
		return CLASP_RECOVERY_FAST;

	return c->rto.backoff ? CLASP_RECOVERY_RTO : CLASP_RECOVERY_NONE;
}

static void fill_rates(struct sock *sk, struct clasp_info *info)
{
	const struct clasp_counts *n = &clasp_sk(sk)->annex.counts;
	const struct clasp_conn *c = &clasp_sk(sk)->conn;

	info->pacing_rate = c->pace.rate;
	info->max_pacing_rate = READ_ONCE(sk->sk_max_pacing_rate);
	if (info->max_pacing_rate == ~0UL)
		info->max_pacing_rate = U64_MAX;
	info->delivery_rate = clasp_rate_of(n->rate_delivered, n->rate_us);
	info->app_limited = !!c->rate.app_limited;
}

static u32 path_mtu(const struct sock *sk)
{
	const struct dst_entry *dst = __sk_dst_get((struct sock *)sk);

	return dst ? dst_mtu(dst) : 0;
}

static void fill_sizes(struct sock *sk, struct clasp_info *info)
{
	const struct clasp_rcvtune *r = &clasp_sk(sk)->annex.rcvtune;
	const struct clasp_conn *c = &clasp_sk(sk)->conn;

	info->snd_mss = clasp_conn_mss(c);
	info->rcv_mss = c->rcv_mss;
	info->advmss = c->adv_mss;
	info->pmtu = path_mtu(sk);

	info->snd_cwnd = c->cong.cwnd;
	info->snd_ssthresh = c->cong.ssthresh < CLASP_WINDOW_MAX ?
			     c->cong.ssthresh : U32_MAX;
	info->snd_wnd = c->snd_wnd;
	info->rcv_wnd = c->rcv_wnd;
	info->rcv_rtt_us = r->rtt_us;
	info->rcv_space = r->space;
	info->rcv_buf = c->rcv_buf;

	info->unacked = clasp_conn_flight(c);
	info->notsent = clasp_unsent(sk);
	info->unread = clasp_unread(sk);
	info->unordered = unordered(c);
	info->sacked = c->sacked;
	info->lost = c->lost;
	info->retrans = c->again;
}

static void fill_times(struct sock *sk, struct clasp_info *info)
{
	const struct clasp_sock *cs = clasp_sk(sk);
	const struct clasp_conn *c = &cs->conn;
	u64 now_us = clasp_now_us();

	info->rto_us = clasp_rto_interval(&c->rto);
	info->ato_us = clasp_delack_wait(c);
	info->srtt_us = c->rto.srtt_us;
	info->rttvar_us = c->rto.rttvar_us;
	if (c->rto.min_rtt_us != U32_MAX)
		info->min_rtt_us = c->rto.min_rtt_us;

	info->last_data_sent_ms = ms_since(cs->last_out_us, now_us);
	info->last_data_recv_ms = ms_since(cs->last_in_us, now_us);
	info->last_ack_recv_ms = ms_since(cs->last_ack_us, now_us);

	clasp_chrono_fill(sk, now_us, info);
	info->rto_time_us = cs->annex.counts.silent_us;
	if (cs->annex.counts.silence_us)
		info->rto_time_us += now_us - cs->annex.counts.silence_us;
}

static void fill_counts(struct sock *sk, struct clasp_info *info)
{
	const struct clasp_sock *cs = clasp_sk(sk);
	const struct clasp_counts *n = &cs->annex.counts;

	info->total_retrans = n->rtx;
	info->fast_retrans = n->fast_rtx;
	info->rto_count = n->rto;
	info->dupacks_in = n->dupacks;
	info->rcv_ooopack = n->out_of_order;
	info->dsack_dups = n->dsacks;
	info->reord_seen = n->overtaken;
	info->rto_recoveries = n->silences;
	info->undone = n->undone;
	info->rehash = cs->rehash;

	info->bytes_sent = n->bytes_sent + n->bytes_rtx;
	info->bytes_retrans = n->bytes_rtx;
	info->bytes_acked = n->bytes_acked;
	info->bytes_received = n->bytes_received;
	info->delivered = n->bytes_acked + cs->conn.sacked;
	info->delivered_ce = n->delivered_ce;
	info->segs_out = n->segs_out;
	info->segs_in = n->segs_in;
	info->data_segs_out = cs->data_segs_out;
	info->data_segs_in = cs->data_segs_in;
}

/**
 * clasp_info_fill() - CLASP_INFO
 * @sk: socket; takes the lock
 * @info: filled in, every byte
 */
void clasp_info_fill(struct sock *sk, struct clasp_info *info)
{
	const struct clasp_conn *c = &clasp_sk(sk)->conn;

	memset(info, 0, sizeof(*info));
	info->clasp_info_size = sizeof(*info);

	lock_sock(sk);
	info->state = c->state;
	if (c->ts.on)
		info->options |= CLASP_INFO_TIMESTAMPS;
	if (c->ecn_on)
		info->options |= CLASP_INFO_ECN;
	if (READ_ONCE(c->settings->sack))
		info->options |= CLASP_INFO_SACK;
	info->recovery = recovery(c);
	info->backoff = c->rto.backoff;
	info->retransmits = c->retries;
	info->probes = c->probes;
	info->dupacks = c->dupacks;
	if (c->state == CLASP_LISTEN) {
		info->accept_queue = READ_ONCE(sk->sk_ack_backlog);
		info->accept_queue_max = READ_ONCE(sk->sk_max_ack_backlog);
	}
	fill_times(sk, info);
	fill_sizes(sk, info);
	fill_counts(sk, info);
	fill_rates(sk, info);
	release_sock(sk);
}

static u8 options_for_tcp(const struct clasp_info *from)
{
	u8 options = 0;

	if (from->options & CLASP_INFO_TIMESTAMPS)
		options |= TCPI_OPT_TIMESTAMPS;
	if (from->options & CLASP_INFO_SACK)
		options |= TCPI_OPT_SACK;
	if (from->options & CLASP_INFO_ECN)
		options |= TCPI_OPT_ECN;

	return options;
}

static u8 recovery_for_tcp(const struct clasp_info *from)
{
	if (from->recovery == CLASP_RECOVERY_FAST)
		return TCP_CA_Recovery;

	return from->recovery == CLASP_RECOVERY_RTO ? TCP_CA_Loss : TCP_CA_Open;
}

/* TCP counts what is under way in segments, and times in jiffies. */
static void translate_sizes(const struct clasp_info *from, struct tcp_info *to)
{
	u32 mss = max(from->snd_mss, 1u);

	to->tcpi_snd_mss = from->snd_mss;
	to->tcpi_rcv_mss = from->rcv_mss;
	to->tcpi_advmss = from->advmss;
	to->tcpi_pmtu = from->pmtu;

	to->tcpi_unacked = DIV_ROUND_UP(from->unacked, mss);
	to->tcpi_sacked = DIV_ROUND_UP(from->sacked, mss);
	to->tcpi_lost = DIV_ROUND_UP(from->lost, mss);
	to->tcpi_retrans = DIV_ROUND_UP(from->retrans, mss);
	to->tcpi_snd_cwnd = from->snd_cwnd / mss;
	to->tcpi_snd_ssthresh = from->snd_ssthresh == U32_MAX ?
				TCP_INFINITE_SSTHRESH : from->snd_ssthresh / mss;
	/* what RACK and RFC 5681 begin with; RACK's window is in time */
	to->tcpi_reordering = CLASP_DUPACK_THRESHOLD;
	to->tcpi_notsent_bytes = from->notsent;
	to->tcpi_rcv_ssthresh = from->rcv_buf;
	to->tcpi_rcv_space = from->rcv_space;
	to->tcpi_snd_wnd = from->snd_wnd;
	clasp_compat_tcpi_rcv_wnd(to, from->rcv_wnd);
}

static void translate_times(const struct clasp_info *from, struct tcp_info *to)
{
	to->tcpi_rto = from->rto_us;
	to->tcpi_ato = from->ato_us;
	to->tcpi_rtt = from->srtt_us;
	to->tcpi_rttvar = from->rttvar_us;
	to->tcpi_min_rtt = from->min_rtt_us;
	to->tcpi_rcv_rtt = from->rcv_rtt_us;

	to->tcpi_last_data_sent = from->last_data_sent_ms;
	to->tcpi_last_data_recv = from->last_data_recv_ms;
	to->tcpi_last_ack_recv = from->last_ack_recv_ms;

	to->tcpi_busy_time = from->busy_time_us;
	to->tcpi_rwnd_limited = from->rwnd_limited_us;
	to->tcpi_sndbuf_limited = from->sndbuf_limited_us;

	to->tcpi_pacing_rate = from->pacing_rate ?: ~0ULL;
	to->tcpi_max_pacing_rate = from->max_pacing_rate;
	to->tcpi_delivery_rate = from->delivery_rate;
	to->tcpi_delivery_rate_app_limited = from->app_limited;
}

static void translate_counts(const struct clasp_info *from, struct tcp_info *to)
{
	u32 mss = max(from->snd_mss, 1u);

	to->tcpi_total_retrans = from->total_retrans;
	to->tcpi_bytes_sent = from->bytes_sent;
	to->tcpi_bytes_retrans = from->bytes_retrans;
	to->tcpi_bytes_acked = from->bytes_acked;
	to->tcpi_bytes_received = from->bytes_received;
	to->tcpi_segs_out = from->segs_out;
	to->tcpi_segs_in = from->segs_in;
	to->tcpi_data_segs_out = from->data_segs_out;
	to->tcpi_data_segs_in = from->data_segs_in;

	to->tcpi_delivered = div_u64(from->delivered + mss - 1, mss);
	to->tcpi_delivered_ce = div_u64(from->delivered_ce + mss - 1, mss);
	to->tcpi_dsack_dups = from->dsack_dups;
	to->tcpi_reord_seen = from->reord_seen;
	to->tcpi_rcv_ooopack = from->rcv_ooopack;
	clasp_compat_tcpi_rehash(to, from->rehash);
	clasp_compat_tcpi_rto(to, from->rto_count, from->rto_recoveries,
			      div_u64(from->rto_time_us, USEC_PER_MSEC));
}

static void translate(const struct clasp_info *from, struct tcp_info *to)
{
	to->tcpi_state = from->state;
	to->tcpi_ca_state = recovery_for_tcp(from);
	to->tcpi_retransmits = from->retransmits;
	to->tcpi_probes = from->probes;
	to->tcpi_backoff = from->backoff;
	to->tcpi_options = options_for_tcp(from);
	translate_sizes(from, to);
	translate_times(from, to);
	translate_counts(from, to);

	/* tcp(7) does not tell: a listener has its queue there */
	if (from->state == CLASP_LISTEN) {
		to->tcpi_unacked = from->accept_queue;
		to->tcpi_sacked = from->accept_queue_max;
	}
}

/**
 * clasp_info_fill_tcp() - TCP_INFO, as a program for TCP expects it
 * @sk: socket; takes the lock
 * @info: filled in, every byte
 */
void clasp_info_fill_tcp(struct sock *sk, struct tcp_info *info)
{
	struct clasp_info ours;

	clasp_info_fill(sk, &ours);
	memset(info, 0, sizeof(*info));
	translate(&ours, info);
}
