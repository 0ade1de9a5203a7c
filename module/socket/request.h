/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mini-sockets in SYN_RCVD: what a listener has heard of.
 */
#ifndef CLASP_REQUEST_H
#define CLASP_REQUEST_H

#include "sock.h"

int clasp_request_init(void);
void clasp_request_exit(void);

enum clasp_drop clasp_request_open(struct sock *listener,
				   const struct sk_buff *skb,
				   const struct clasp_segment *syn,
				   const struct clasp_tuple *tuple,
				   struct clasp_tw *old);
void clasp_request_setup(struct sock *listener, const struct clasp_tuple *tuple,
			 struct clasp_way *way,
			 struct clasp_embryo_setup *setup);
void clasp_request_recall(struct sock *listener, struct sk_buff *skb,
			  struct clasp_segment *seg,
			  const struct clasp_tuple *tuple,
			  const struct clasp_embryo *embryo);
bool clasp_request_segment(struct clasp_request *req, struct sk_buff *skb,
			   struct clasp_segment *seg);
enum clasp_drop clasp_request_icmp(struct clasp_request *req, u32 seq,
				   bool hard);
void clasp_request_finish(struct clasp_request *req);
void clasp_request_end(struct clasp_request *req);
void clasp_request_put(struct clasp_request *req);

#endif
