// SPDX-License-Identifier: GPL-2.0
/*
 * What a sender's time goes by with, for CLASP_INFO: is it the path that bounds
 * the rate, the peer's window, or our own buffer?
 *
 * Looked at whenever something happens to a connection; between that nothing
 * changes.
 */
#include <linux/net.h>

#include "chrono.h"
#include "option.h"
#include "window.h"

static bool waits_for_buffer(const struct sock *sk)
{
	return sk->sk_socket && test_bit(SOCK_NOSPACE, &sk->sk_socket->flags) &&
	       !clasp_unsent(sk);
}

static u8 judge(const struct sock *sk)
{
	if (!clasp_unacked(sk))
		return CLASP_CHRONO_IDLE;
	if (clasp_window_limits(&clasp_sk(sk)->conn))
		return CLASP_CHRONO_WINDOW;

	return waits_for_buffer(sk) ? CLASP_CHRONO_BUFFER : CLASP_CHRONO_BUSY;
}

/**
 * clasp_chrono_update() - something has happened to a connection
 * @sk: socket; lock held
 * @now_us: the time
 */
void clasp_chrono_update(struct sock *sk, u64 now_us)
{
	struct clasp_chrono *chrono = &clasp_sk(sk)->chrono;
	u8 next = judge(sk);

	if (next == chrono->now)
		return;

	chrono->spent_us[chrono->now] += now_us - chrono->since_us;
	chrono->since_us = now_us;
	chrono->now = next;
}

/**
 * clasp_chrono_fill() - tell the times
 * @sk: socket; lock held
 * @now_us: the time
 * @info: to fill in
 */
void clasp_chrono_fill(const struct sock *sk, u64 now_us,
		       struct clasp_info *info)
{
	struct clasp_chrono chrono = clasp_sk(sk)->chrono;
	u64 *spent_us = chrono.spent_us;

	spent_us[chrono.now] += now_us - chrono.since_us;
	info->rwnd_limited_us = spent_us[CLASP_CHRONO_WINDOW];
	info->sndbuf_limited_us = spent_us[CLASP_CHRONO_BUFFER];
	info->busy_time_us = spent_us[CLASP_CHRONO_BUSY] +
			     info->rwnd_limited_us + info->sndbuf_limited_us;
}
