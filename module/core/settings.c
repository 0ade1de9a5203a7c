// SPDX-License-Identifier: GPL-2.0
/*
 * What holds until somebody says otherwise: docs/protocol.md §4.
 */
#include "settings.h"
#include "cong.h"
#include "ecn.h"

/**
 * clasp_settings_init() - fill in the defaults
 * @settings: the knobs of a new network namespace
 */
void clasp_settings_init(struct clasp_settings *settings)
{
	*settings = (struct clasp_settings){
		.congestion_control	= &clasp_cubic,
		.time_wait_ms		= 60000,
		.fin_timeout_ms		= 60000,
		.rto_min_ms		= 200,
		.delayed_ack_ms		= 40,
		.initial_cwnd		= 10,
		.challenge_ack_ms	= 500,
		.ecn			= CLASP_ECN_GRANT,
		.keepalive_time_s	= 7200,
		.keepalive_intvl_s	= 75,
		.mtu_probing		= CLASP_MTU_PROBING_BLACK_HOLE,
		.syncookies		= CLASP_SYNCOOKIES_PRESSURE,
		.keepalive_probes	= 9,
		.syn_retries		= 7,
		.synack_retries		= 5,
		.retries1		= 3,
		.retries2		= 15,
		.orphan_retries		= 8,
		.moderate_rcvbuf	= true,
		.sack			= true,
		.timestamps		= true,
		.delayed_ack		= true,
		.nagle			= true,
		.fast_retransmit	= true,
		.tlp			= true,
		.frto			= true,
		.flow_control		= true,
		.isn_fixed		= false,
	};
}
