/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every difference between the kernels that Clasp builds for, and the only
 * place that knows one.
 *
 * Version numbers lie, since distributions port changes back: module/probe.mk
 * asks the headers at build time and defines CLASP_HAVE_* accordingly.
 */
#ifndef CLASP_COMPAT_H
#define CLASP_COMPAT_H

#ifdef CLASP_HAVE_LINUX_UNALIGNED_H
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

/* 6.19: what bind() and connect() are given has no size of its own */
#ifndef CLASP_HAVE_SOCKADDR_UNSIZED
#define sockaddr_unsized	sockaddr
#endif

/* 6.16: from_timer() got a name that says what it does */
#ifndef CLASP_HAVE_TIMER_CONTAINER_OF
#define timer_container_of	from_timer
#endif

/* 6.13: a timer gets its function when it is set up; 6.15: not otherwise */
#ifdef CLASP_HAVE_HRTIMER_SETUP
#define clasp_compat_hrtimer_setup(timer, function, clock, mode)	       \
	hrtimer_setup(timer, function, clock, mode)
#else
#define clasp_compat_hrtimer_setup(timer, fn, clock, mode) do {		       \
	hrtimer_init(timer, clock, mode);				       \
	(timer)->function = (fn);					       \
} while (0)
#endif

/* 6.18: a flow has a DSCP where it had a TOS */
#ifdef CLASP_HAVE_FLOWI4_DSCP
#define clasp_compat_flow_tos(fl4, tos)					       \
	((fl4)->flowi4_dscp = inet_dsfield_to_dscp(tos))
#else
#define clasp_compat_flow_tos(fl4, tos)	((fl4)->flowi4_tos = (tos))
#endif

/* 6.7, and back-ported: the list of flow labels moved to inet_sock */
#ifdef CLASP_HAVE_INET_FL_LIST
#define clasp_compat_forget_flowlabels(sk)				       \
	RCU_INIT_POINTER(inet_sk(sk)->ipv6_fl_list, NULL)
#else
#define clasp_compat_forget_flowlabels(sk)				       \
	RCU_INIT_POINTER(inet6_sk(sk)->ipv6_fl_list, NULL)
#endif

/*
 * The socket. Macros, since the core reads this file too and knows no sockets.
 */

/* 6.7: flags of inet_sock and ipv6_pinfo moved into one word of bits */
#ifdef CLASP_HAVE_INET_FLAGS
#define clasp_compat_multicast_defaults(sk) do {			       \
	inet_set_bit(MC_LOOP, sk);					       \
	inet_set_bit(MC_ALL, sk);					       \
	inet6_set_bit(MC6_LOOP, sk);					       \
	inet6_set_bit(MC6_ALL, sk);					       \
} while (0)
#define clasp_compat_set_repflow(sk, on)	inet6_assign_bit(REPFLOW, sk, on)
#define clasp_compat_repflow(sk)		inet6_test_bit(REPFLOW, sk)
#define clasp_compat_sndflow(sk)		inet6_test_bit(SNDFLOW, sk)
#define clasp_compat_recverr(sk)		inet_test_bit(RECVERR, sk)
#define clasp_compat_recverr6(sk)		inet6_test_bit(RECVERR6, sk)
#define clasp_compat_recverr_rfc4884(sk)	inet_test_bit(RECVERR_RFC4884, sk)
#define clasp_compat_recverr6_rfc4884(sk)	inet6_test_bit(RECVERR6_RFC4884, sk)
#define clasp_compat_cmsg_flags(sk)		inet_cmsg_flags(inet_sk(sk))
#define clasp_compat_mc_all(sk)			inet_test_bit(MC_ALL, sk)
#define clasp_compat_mc6_all(sk)		inet6_test_bit(MC6_ALL, sk)
#define clasp_compat_mc_loop(sk)		inet_test_bit(MC_LOOP, sk)
#define clasp_compat_set_mc6_loop(sk, on)	inet6_assign_bit(MC6_LOOP, sk, on)
#define clasp_compat_dontfrag(sk)		inet6_test_bit(DONTFRAG, sk)
#define clasp_compat_autoflowlabel(net, sk)				       \
	(inet6_test_bit(AUTOFLOWLABEL_SET, sk) ?			       \
	 inet6_test_bit(AUTOFLOWLABEL, sk) : ip6_default_np_autolabel(net))
#else
#define clasp_compat_multicast_defaults(sk) do {			       \
	inet_sk(sk)->mc_loop = 1;					       \
	inet_sk(sk)->mc_all = 1;					       \
	inet6_sk(sk)->mc_loop = 1;					       \
	inet6_sk(sk)->mc_all = 1;					       \
} while (0)
#define clasp_compat_set_repflow(sk, on)	(inet6_sk(sk)->repflow = (on))
#define clasp_compat_repflow(sk)		(inet6_sk(sk)->repflow)
#define clasp_compat_sndflow(sk)		(inet6_sk(sk)->sndflow)
#define clasp_compat_recverr(sk)		(inet_sk(sk)->recverr)
#define clasp_compat_recverr6(sk)		(inet6_sk(sk)->recverr)
#define clasp_compat_recverr_rfc4884(sk)	(inet_sk(sk)->recverr_rfc4884)
#define clasp_compat_recverr6_rfc4884(sk)	(inet6_sk(sk)->recverr_rfc4884)
#define clasp_compat_cmsg_flags(sk)		(inet_sk(sk)->cmsg_flags)
#define clasp_compat_mc_all(sk)			(inet_sk(sk)->mc_all)
#define clasp_compat_mc6_all(sk)		(inet6_sk(sk)->mc_all)
#define clasp_compat_mc_loop(sk)		(inet_sk(sk)->mc_loop)
#define clasp_compat_set_mc6_loop(sk, on)	(inet6_sk(sk)->mc_loop = (on))
#define clasp_compat_dontfrag(sk)		(inet6_sk(sk)->dontfrag)
#define clasp_compat_autoflowlabel(net, sk)				       \
	(inet6_sk(sk)->autoflowlabel_set ?				       \
	 inet6_sk(sk)->autoflowlabel : ip6_default_np_autolabel(net))
#endif

/* 6.10: accept() takes one struct */
#ifdef CLASP_HAVE_PROTO_ACCEPT_ARG
#define CLASP_COMPAT_ACCEPT(name, accept)				       \
	static struct sock *name(struct sock *sk,			       \
				 struct proto_accept_arg *arg)		       \
	{								       \
		return accept(sk, arg->flags, &arg->err);		       \
	}
#else
#define CLASP_COMPAT_ACCEPT(name, accept)				       \
	static struct sock *name(struct sock *sk, int flags, int *err,	       \
				 bool kern)				       \
	{								       \
		return accept(sk, flags, err);				       \
	}
#endif

/*
 * 6.5: sendfile() and splice() bring pages through sendmsg(). Before that they
 * have a call of their own, for one page, which is made the same here.
 * 6.17: the helper knows itself how to allocate.
 */
#ifdef CLASP_HAVE_SPLICE_NO_GFP
#define CLASP_COMPAT_SPLICE(name)					       \
	static ssize_t name(struct sk_buff *skb, struct iov_iter *iter,	       \
			    ssize_t len, gfp_t gfp)			       \
	{								       \
		return skb_splice_from_iter(skb, iter, len);		       \
	}
#elif defined(CLASP_HAVE_SPLICE)
#define CLASP_COMPAT_SPLICE(name)					       \
	static ssize_t name(struct sk_buff *skb, struct iov_iter *iter,	       \
			    ssize_t len, gfp_t gfp)			       \
	{								       \
		return skb_splice_from_iter(skb, iter, len, gfp);	       \
	}
#else
#define CLASP_COMPAT_SPLICE(name)					       \
	static ssize_t name(struct sk_buff *skb, struct iov_iter *iter,	       \
			    ssize_t len, gfp_t gfp)			       \
	{								       \
		struct page *page;					       \
		size_t offset;						       \
		int err;						       \
									       \
		len = iov_iter_get_pages2(iter, &page, len, 1, &offset);       \
		if (len <= 0)						       \
			return len ?: -EIO;				       \
		err = skb_append_pagefrags(skb, page, offset, len);	       \
		put_page(page);						       \
		if (err) {						       \
			iov_iter_revert(iter, len);			       \
			return err;					       \
		}							       \
		skb_len_add(skb, len);					       \
		return len;						       \
	}
#endif
#ifdef CLASP_HAVE_SENDPAGE
#define CLASP_COMPAT_SENDPAGE(name, sendmsg)				       \
	static ssize_t name(struct socket *sock, struct page *page,	       \
			    int offset, size_t size, int flags)		       \
	{								       \
		struct msghdr msg = { .msg_flags = flags | MSG_SPLICE_PAGES }; \
		struct bio_vec piece = {				       \
			.bv_page	= page,				       \
			.bv_len		= size,				       \
			.bv_offset	= offset,			       \
		};							       \
									       \
		if (flags & MSG_SENDPAGE_NOTLAST)			       \
			msg.msg_flags |= MSG_MORE;			       \
		iov_iter_bvec(&msg.msg_iter, ITER_SOURCE, &piece, 1, size);    \
		return sendmsg(sock, &msg, size);			       \
	}
#define CLASP_COMPAT_SENDPAGE_OP(name)	.sendpage = name,
#else
#define CLASP_COMPAT_SENDPAGE(name, sendmsg)
#define CLASP_COMPAT_SENDPAGE_OP(name)
#endif

/* 6.5: a flag that no program can set */
#ifndef MSG_SPLICE_PAGES
#define MSG_SPLICE_PAGES	0x8000000
#endif

/*
 * 6.7: a socket may handle options at SOL_SOCKET itself; it says so in a flag
 * that each accepted one needs, too. MSG_ZEROCOPY through io_uring has another.
 */
#ifdef CLASP_HAVE_CUSTOM_SOCKOPT
#define clasp_compat_own_options(sock)	set_bit(SOCK_CUSTOM_SOCKOPT, &(sock)->flags)
#else
#define clasp_compat_own_options(sock)	do { } while (0)
#endif
#ifdef CLASP_HAVE_PROTO_ACCEPT_ARG
#define CLASP_COMPAT_ACCEPT_CALL(name, accepted)			       \
	static int name(struct socket *sock, struct socket *child,	       \
			struct proto_accept_arg *arg)			       \
	{								       \
		int err = inet_accept(sock, child, arg);		       \
									       \
		return err ?: accepted(child);				       \
	}
#else
#define CLASP_COMPAT_ACCEPT_CALL(name, accepted)			       \
	static int name(struct socket *sock, struct socket *child, int flags,  \
			bool kern)					       \
	{								       \
		int err = inet_accept(sock, child, flags, kern);	       \
									       \
		return err ?: accepted(child);				       \
	}
#endif

/* 6.7: an option that no other protocol has but must know */
#ifndef TCP_IS_MPTCP
#define TCP_IS_MPTCP	43
#endif

/* 6.2: bytes counted from the next one written */
#ifndef CLASP_HAVE_OPT_ID_TCP
#define SOF_TIMESTAMPING_OPT_ID_TCP	0
#endif

/* 6.6: a BPF program may change the length of an address */
#ifdef CLASP_HAVE_CGROUP_ADDRLEN
#define clasp_compat_cgroup_addr(sk, addr, len, hook)			       \
	BPF_CGROUP_RUN_SA_PROG(sk, addr, len, hook)
#else
#define clasp_compat_cgroup_addr(sk, addr, len, hook)			       \
	BPF_CGROUP_RUN_SA_PROG(sk, addr, hook)
#endif

/* 6.4 */
#ifndef TCP_IS_MPTCP
#define TCP_IS_MPTCP		43
#endif

/* 6.2 and 6.7 added to what TCP tells of itself */
#ifdef CLASP_HAVE_TCPI_RCV_WND
#define clasp_compat_tcpi_rcv_wnd(to, wnd)	((to)->tcpi_rcv_wnd = (wnd))
#define clasp_compat_tcpi_rehash(to, times)	((to)->tcpi_rehash = (times))
#else
#define clasp_compat_tcpi_rcv_wnd(to, wnd)	do { } while (0)
#define clasp_compat_tcpi_rehash(to, times)	do { } while (0)
#endif
#ifdef CLASP_HAVE_TCPI_RTO
#define clasp_compat_tcpi_rto(to, times, recoveries, ms) do {		       \
	(to)->tcpi_total_rto = (times);					       \
	(to)->tcpi_total_rto_recoveries = (recoveries);			       \
	(to)->tcpi_total_rto_time = (ms);				       \
} while (0)
#else
#define clasp_compat_tcpi_rto(to, times, recoveries, ms)	do { } while (0)
#endif

/* 6.11: a delivery time says of which clock it is; SKB_CLOCK_MONOTONIC is 1 */
#define clasp_compat_leaves_at(skb, ns)		skb_set_delivery_time(skb, ns, 1)

#ifdef CLASP_HAVE_CGROUP_ADDRLEN
#define clasp_compat_cgroup_addr_lock(sk, addr, len, hook, ctx)		       \
	BPF_CGROUP_RUN_SA_PROG_LOCK(sk, addr, len, hook, ctx)
#else
#define clasp_compat_cgroup_addr_lock(sk, addr, len, hook, ctx)		       \
	BPF_CGROUP_RUN_SA_PROG_LOCK(sk, addr, hook, ctx)
#endif

/* 6.18: what a socket drops is counted by node */
#ifdef CLASP_HAVE_SK_DROPS_READ
#define clasp_compat_drops(sk)		sk_drops_read(sk)
#else
#define clasp_compat_drops(sk)		atomic_read(&(sk)->sk_drops)
#endif

/* 6.6: a control message is read without its msghdr */
#ifdef CLASP_HAVE_SOCK_CMSG_MSG
#define clasp_compat_sock_cmsg(sk, msg, cmsg, to)			       \
	__sock_cmsg_send(sk, msg, cmsg, to)
#else
#define clasp_compat_sock_cmsg(sk, msg, cmsg, to)			       \
	__sock_cmsg_send(sk, cmsg, to)
#endif

/* 6.13: when a datagram is to be stamped depends on all that was said of it */
#ifdef CLASP_HAVE_TX_TIMESTAMP_COOKIE
#define clasp_compat_tx_timestamp(skb, sock)	skb_setup_tx_timestamp(skb, sock)
#else
#define clasp_compat_tx_timestamp(skb, sock)				       \
	skb_setup_tx_timestamp(skb, (sock)->tsflags)
#endif

/* 6.11: an skb says which clock its time to leave is of */
#ifdef CLASP_HAVE_TSTAMP_CLOCKID
#define clasp_compat_transmit_time(skb, when, clock)			       \
	skb_set_delivery_type_by_clockid(skb, when, clock)
#else
#define clasp_compat_transmit_time(skb, when, clock)	((skb)->tstamp = (when))
#endif

/* until 6.12: that a flow stays on its link had to be said in its TOS, too */
#ifdef CLASP_HAVE_RTO_ONLINK
#define clasp_compat_flow_onlink(fl4)	((fl4)->flowi4_tos |= RTO_ONLINK)
#else
#define clasp_compat_flow_onlink(fl4)	do { } while (0)
#endif

/* 6.7: a wait ends when somebody disconnects the socket meanwhile */
#ifdef CLASP_HAVE_SK_DISCONNECTS
#define clasp_compat_count_disconnect(sk)	((sk)->sk_disconnects++)
#else
#define clasp_compat_count_disconnect(sk)	do { } while (0)
#endif

/*
 * Let go of a namespace while the socket lives on. 6.2: trackers know both
 * kinds of sockets; 6.14: one that holds no reference holds a passive one.
 */
#ifdef CLASP_HAVE_NETNS_TRACKER_KIND
#define clasp_compat_track_net(net, sk) do {				       \
	__netns_tracker_free(net, &(sk)->ns_tracker, true);		       \
	__netns_tracker_alloc(net, &(sk)->ns_tracker, false, GFP_ATOMIC);      \
} while (0)
#else
#define clasp_compat_track_net(net, sk)	netns_tracker_free(net, &(sk)->ns_tracker)
#endif
#ifdef CLASP_HAVE_NET_PASSIVE
#define clasp_compat_net_passive(net)	net_passive_inc(net)
#else
#define clasp_compat_net_passive(net)	do { } while (0)
#endif

/* 6.6 wants the size of a table of sysctls, 6.11 does not change them */
#ifdef CLASP_HAVE_SYSCTL_SIZE
#define clasp_compat_register_sysctl(net, path, table, n)		       \
	register_net_sysctl_sz(net, path, table, n)
#else
#define clasp_compat_register_sysctl(net, path, table, n)		       \
	register_net_sysctl(net, path, table)
#endif
#ifdef CLASP_HAVE_SYSCTL_CONST
#define clasp_compat_ctl_table	const struct ctl_table
#else
#define clasp_compat_ctl_table	struct ctl_table
#endif

#endif
