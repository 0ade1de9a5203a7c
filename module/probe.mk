# SPDX-License-Identifier: GPL-2.0
#
# What the kernel's headers have. Each line defines CLASP_HAVE_<first> when the
# file <second> under the kernel's include/ is there and has a line that matches
# <third>, which has neither commas nor brackets. What follows from it is in compat.h, and nowhere else.

clasp_headers := $(srctree)/include
clasp_probe = $(if $(shell grep -qsE '$(3)' $(clasp_headers)/$(2) && \
	echo yes),-DCLASP_HAVE_$(1))

clasp_probes := \
	$(call clasp_probe,LINUX_UNALIGNED_H,linux/unaligned.h,get_unaligned) \
	$(call clasp_probe,SOCKADDR_UNSIZED,linux/socket.h,struct sockaddr_unsized) \
	$(call clasp_probe,TIMER_CONTAINER_OF,linux/timer.h,define timer_container_of) \
	$(call clasp_probe,HRTIMER_SETUP,linux/hrtimer.h,hrtimer_setup) \
	$(call clasp_probe,FLOWI4_DSCP,net/flow.h,flowi4_dscp) \
	$(call clasp_probe,INET_FL_LIST,net/inet_sock.h,ipv6_fl_list) \
	$(call clasp_probe,INET_FLAGS,net/inet_sock.h,INET_FLAGS_MC_LOOP) \
	$(call clasp_probe,PROTO_ACCEPT_ARG,net/sock.h,struct proto_accept_arg) \
	$(call clasp_probe,CGROUP_ADDRLEN,linux/bpf-cgroup.h,INET6_CONNECT.*uaddrlen) \
	$(call clasp_probe,SPLICE,linux/skbuff.h,skb_splice_from_iter) \
	$(call clasp_probe,SPLICE_NO_GFP,linux/skbuff.h,^[[:space:]]+ssize_t maxsize.;) \
	$(call clasp_probe,SENDPAGE,linux/net.h,sendpage_locked) \
	$(call clasp_probe,CUSTOM_SOCKOPT,linux/net.h,SOCK_CUSTOM_SOCKOPT) \
	$(call clasp_probe,OPT_ID_TCP,uapi/linux/net_tstamp.h,OPT_ID_TCP) \
	$(call clasp_probe,SK_DROPS_READ,net/sock.h,sk_drops_read) \
	$(call clasp_probe,SOCK_CMSG_MSG,net/sock.h,__sock_cmsg_send.*struct msghdr) \
	$(call clasp_probe,TX_TIMESTAMP_COOKIE,net/sock.h,skb_setup_tx_timestamp.*skb.$$) \
	$(call clasp_probe,TSTAMP_CLOCKID,linux/skbuff.h,skb_set_delivery_type_by_clockid) \
	$(call clasp_probe,RTO_ONLINK,net/route.h,define RTO_ONLINK) \
	$(call clasp_probe,TCPI_RCV_WND,uapi/linux/tcp.h,tcpi_rcv_wnd) \
	$(call clasp_probe,TCPI_RTO,uapi/linux/tcp.h,tcpi_total_rto_recoveries) \
	$(call clasp_probe,SK_DISCONNECTS,net/sock.h,sk_disconnects) \
	$(call clasp_probe,NETNS_TRACKER_KIND,net/net_namespace.h,__netns_tracker_alloc) \
	$(call clasp_probe,NET_PASSIVE,net/net_namespace.h,net_passive_inc) \
	$(call clasp_probe,SYSCTL_SIZE,net/net_namespace.h,register_net_sysctl_sz) \
	$(call clasp_probe,SYSCTL_CONST,linux/sysctl.h,proc_handler.const struct ctl_table)
