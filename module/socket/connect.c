// SPDX-License-Identifier: GPL-2.0
/*
 * connect(): active open, and its opposite.
 *
 * A connection has a route, a source address, a port and a place in the demux
 * table before the core is told to open it. What fails on the way is undone,
 * so that the program may try again with the same socket.
 */
#include <linux/bpf-cgroup.h>
#include <linux/random.h>
#include <linux/sched/signal.h>
#include <net/ipv6.h>

#include "calls.h"
#include "address.h"
#include "controller.h"
#include "engine.h"
#include "listener.h"
#include "net/demux.h"
#include "net/wire.h"
#include "port.h"
#include "synsave.h"

/* An unspecified address means this host. */
static void name_this_host(const struct sock *sk, struct in6_addr *addr)
{
	const struct in6_addr *local = &sk->sk_v6_rcv_saddr;
	bool bound_v4 = ipv6_addr_v4mapped(local);

	if (ipv6_addr_v4mapped(addr) && !addr->s6_addr32[3]) {
		addr->s6_addr32[3] = htonl(INADDR_LOOPBACK);
		if (bound_v4 && local->s6_addr32[3])
			*addr = *local;
	} else if (ipv6_addr_any(addr)) {
		*addr = in6addr_loopback;
		if (bound_v4)
			ipv6_addr_set_v4mapped(htonl(INADDR_LOOPBACK), addr);
	}
}

/* A link-local address means something on one interface alone. */
static int choose_interface(struct sock *sk, const struct clasp_address *to)
{
	if (!(ipv6_addr_type(&to->addr) & IPV6_ADDR_LINKLOCAL))
		return 0;

	if (to->scope) {
		if (!sk_dev_equal_l3scope(sk, to->scope))
			return -EINVAL;
		WRITE_ONCE(sk->sk_bound_dev_if, to->scope);
	}

	return sk->sk_bound_dev_if ? 0 : -EINVAL;
}

/* IPV6_FLOWINFO_SEND: the label must be one that the program may use. */
static int choose_flow_label(struct sock *sk, const struct clasp_address *to)
{
	struct ip6_flowlabel *label;
	__be32 flowinfo = 0;

	if (clasp_compat_sndflow(sk))
		flowinfo = to->flowinfo & IPV6_FLOWINFO_MASK;
	if (flowinfo & IPV6_FLOWLABEL_MASK) {
		label = fl6_sock_lookup(sk, flowinfo);
		if (IS_ERR(label))
			return -EINVAL;
		fl6_sock_release(label);
	}
	inet6_sk(sk)->flow_label = flowinfo;

	return 0;
}

static int check_destination(struct sock *sk, const struct clasp_address *to)
{
	int type = ipv6_addr_type(&to->addr);
	int err;

	/* MUST-46; broadcast addresses are for the route to tell */
	if (type & IPV6_ADDR_MULTICAST)
		return -ENETUNREACH;
	if (type & IPV6_ADDR_MAPPED && ipv6_only_sock(sk))
		return -ENETUNREACH;
	/* no segment to port 0 is ever answered: docs/protocol.md §1 */
	if (!to->port)
		return -ECONNREFUSED;

	err = choose_interface(sk, to);
	if (err)
		return err;

	return choose_flow_label(sk, to);
}

static int take_tuple(struct sock *sk)
{
	inet_sk(sk)->inet_sport = htons(inet_sk(sk)->inet_num);
	clasp_address_tuple(sk, &clasp_sk(sk)->node.tuple);

	return clasp_hash_sk(sk);
}

static int claim_tuple(struct sock *sk)
{
	int err;

	if (clasp_port_held(&clasp_sk(sk)->owner)) {
		/* perhaps of all our addresses so far; from now on of one */
		clasp_port_update(sk);
		return take_tuple(sk);
	}

	err = clasp_port_auto(sk, take_tuple);
	if (err)
		return err;

	/* there may be other rules for the port that it became */
	err = clasp_ip_route(sk);
	if (err) {
		clasp_unhash_sk(sk);
		clasp_port_release(sk);
	}

	return err;
}

static void open_connection(struct sock *sk)
{
	struct clasp_net *cn = clasp_net(sock_net(sk));
	struct clasp_sock *cs = clasp_sk(sk);
	struct clasp_conn *c = &cs->conn;
	bool v4 = clasp_is_v4(sk);
	u32 iss, ts_offset;

	c->local_port = inet_sk(sk)->inet_num;
	c->remote_port = ntohs(inet_sk(sk)->inet_dport);
	c->peer_mss = v4 ? CLASP_MSS_DEFAULT_V4 : CLASP_MSS_DEFAULT_V6;
	clasp_conn_path_mss(c, clasp_ip_path_mss(sk));
	c->adv_mss = clasp_ip_adv_mss(__sk_dst_get(sk), v4);
	if (c->user_mss)
		c->adv_mss = min(c->adv_mss, c->user_mss);

	/* what became of an earlier connection is nothing to this one */
	WRITE_ONCE(sk->sk_err, 0);
	WRITE_ONCE(sk->sk_err_soft, 0);
	sock_reset_flag(sk, SOCK_DONE);
	sk_set_txhash(sk);
	atomic_set(&inet_sk(sk)->inet_id, (u16)get_random_u32());
	clasp_count(sock_net(sk), CLASP_COUNT_ACTIVE_OPENS, 1);

	iss = clasp_ip_iss(cn, &cs->node.tuple, false, &ts_offset);
	clasp_conn_connect(c, iss, ts_offset);
	clasp_engine_push(sk);
}

static void forget_connection(struct sock *sk)
{
	clasp_address_forget(sk);
	inet_sk(sk)->inet_sport = htons(inet_sk(sk)->inet_num);
	clasp_port_update(sk);
	sk_dst_reset(sk);
	sk->sk_route_caps = 0;
}

static int start(struct sock *sk, struct clasp_address *to)
{
	int err;

	clasp_address_settle(sk);
	name_this_host(sk, &to->addr);
	err = check_destination(sk, to);
	if (err)
		return err;

	sk->sk_v6_daddr = to->addr;
	inet_sk(sk)->inet_dport = to->port;
	err = clasp_ip_route(sk);
	if (!err)
		err = claim_tuple(sk);
	if (err) {
		forget_connection(sk);
		return err;
	}

	open_connection(sk);

	return 0;
}

static int ask_cgroup(struct sock *sk, struct clasp_address *to)
{
	struct sockaddr_in6 room;
	struct sockaddr *addr = (struct sockaddr *)&room;
	int err, len;

	len = clasp_address_tell(to, sk->sk_family, addr);
	if (sk->sk_family == AF_INET)
		err = clasp_compat_cgroup_addr(sk, addr, &len,
					       CGROUP_INET4_CONNECT);
	else
		err = clasp_compat_cgroup_addr(sk, addr, &len,
					       CGROUP_INET6_CONNECT);

	/* it may have chosen another destination */
	return err ?: clasp_address_take(sk, to, addr, len);
}

/* The program's first call: the SYN leaves. */
static int begin(struct socket *sock, const void *addr, int len)
{
	struct sock *sk = sock->sk;
	struct clasp_address to;
	int err;

	if (sk->sk_state != TCP_CLOSE)
		return -EISCONN;

	err = clasp_address_take(sk, &to, addr, len);
	if (!err)
		err = ask_cgroup(sk, &to);
	if (!err)
		err = start(sk, &to);
	if (!err)
		sock->state = SS_CONNECTING;

	return err;
}

static int fail(struct socket *sock, int err)
{
	struct sock *sk = sock->sk;

	if (!err || err == -EPIPE)
		err = sock_error(sk) ?: -ECONNABORTED;
	sock->state = SS_UNCONNECTED;
	clasp_compat_count_disconnect(sk);
	if (clasp_disconnect(sk, 0))
		sock->state = SS_DISCONNECTING;

	return err;
}

/* Until there is a connection or none, or no time; then @err is the answer. */
static int await(struct socket *sock, int flags, int err)
{
	struct sock *sk = sock->sk;
	long timeout = sock_sndtimeo(sk, flags & O_NONBLOCK);
	int woken = 0;

	if (sk->sk_state == TCP_SYN_SENT || sk->sk_state == TCP_SYN_RECV) {
		woken = sk_stream_wait_connect(sk, &timeout);
		if (woken == -EAGAIN)
			return err;
		if (woken == -EINTR || woken == -ERESTARTSYS)
			return woken;
	}
	if (sk->sk_state == TCP_CLOSE)
		return fail(sock, woken);
	/* somebody has undone the connection meanwhile, and begun another */
	if (woken)
		return woken;

	sock->state = SS_CONNECTED;

	return 0;
}

static int undo(struct socket *sock, int flags)
{
	struct sock *sk = sock->sk;
	int err;

	clasp_compat_count_disconnect(sk);
	err = clasp_disconnect(sk, flags);
	sock->state = err ? SS_DISCONNECTING : SS_UNCONNECTED;

	return err;
}

static int connect_locked(struct socket *sock, const void *addr, int len,
			  int flags)
{
	const struct sockaddr *family = addr;
	int err;

	if (len < (int)sizeof(family->sa_family))
		return -EINVAL;
	if (family->sa_family == AF_UNSPEC)
		return undo(sock, flags);

	switch (sock->state) {
	case SS_UNCONNECTED:
		err = begin(sock, addr, len);
		if (err)
			return err;
		return await(sock, flags, -EINPROGRESS);
	case SS_CONNECTING:
		return await(sock, flags, -EALREADY);
	case SS_CONNECTED:
		return -EISCONN;
	default:
		return -EINVAL;
	}
}

/**
 * clasp_connect() - proto_ops.connect
 * @sock: socket
 * @addr: address, in any of the forms that clasp_address_take() knows, or of
 *	family AF_UNSPEC to be without a connection again
 * @len: its length
 * @flags: O_NONBLOCK
 *
 * Return: 0 or a negative errno as of connect(2) and tcp(7).
 */
int clasp_connect(struct socket *sock, struct sockaddr_unsized *addr, int len,
		  int flags)
{
	int err;

	lock_sock(sock->sk);
	err = connect_locked(sock, addr, len, flags);
	release_sock(sock->sk);

	return err;
}

/* A connection like new, but for what the program has set. */
static void reset_connection(struct sock *sk)
{
	struct clasp_conn *c = &clasp_sk(sk)->conn;
	u16 user_mss = c->user_mss;
	bool nodelay = c->nodelay;
	u32 burst = c->burst;

	clasp_cong_renew(sk);
	c->user_mss = user_mss;
	c->nodelay = nodelay;
	c->burst = burst;
}

static void end_connection(struct sock *sk)
{
	struct clasp_conn *c = &clasp_sk(sk)->conn;
	int state = sk->sk_state;

	if (state == TCP_CLOSE)
		return;

	if (state == TCP_LISTEN) {
		clasp_listener_close(sk);
		clasp_conn_close(c, clasp_now_us());
	} else {
		clasp_conn_abort(c, CLASP_SEND_RESET_ABORT);
		clasp_count(sock_net(sk), CLASP_COUNT_ABORTS, 1);
		WRITE_ONCE(sk->sk_err, ECONNRESET);
	}
	clasp_engine_push(sk);
}

/**
 * clasp_disconnect() - proto.disconnect: abort, and be as after bind()
 * @sk: socket; lock held
 * @flags: unused
 *
 * Return: 0
 */
int clasp_disconnect(struct sock *sk, int flags)
{
	/* else nothing is undone: bind() may have found the port */
	bool had_peer = sk->sk_state != TCP_CLOSE || inet_sk(sk)->inet_dport;
	struct clasp_sock *cs = clasp_sk(sk);

	end_connection(sk);
	__skb_queue_purge(&sk->sk_receive_queue);
	sk_set_peek_off(sk, -1);

	if (had_peer && !(sk->sk_userlocks & SOCK_BINDPORT_LOCK))
		clasp_port_release(sk);
	forget_connection(sk);
	reset_connection(sk);
	WRITE_ONCE(cs->copied_seq, 0);
	cs->last_in_us = 0;
	cs->last_out_us = 0;
	cs->last_ack_us = 0;
	cs->data_segs_in = 0;
	cs->data_segs_out = 0;
	cs->chrono = (struct clasp_chrono){};
	cs->rehash = 0;
	cs->told_soft = 0;
	clasp_synsave_forget(sk);
	WRITE_ONCE(sk->sk_shutdown, 0);
	sock_reset_flag(sk, SOCK_DONE);
	if (sk->sk_frag.page) {
		put_page(sk->sk_frag.page);
		sk->sk_frag.page = NULL;
		sk->sk_frag.offset = 0;
	}
	sk_error_report(sk);

	return 0;
}
