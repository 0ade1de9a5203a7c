/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What has become of each range that was sent.
 */
#ifndef CLASP_CORE_SCOREBOARD_H
#define CLASP_CORE_SCOREBOARD_H

#include "conn.h"

struct clasp_news;

u32 clasp_scoreboard_len(const struct clasp_conn *c,
			 const struct clasp_sent *sent);
void clasp_scoreboard_ack(struct clasp_conn *c, u32 ack,
			  struct clasp_news *news);
void clasp_scoreboard_sack(struct clasp_conn *c,
			   const struct clasp_segment *seg,
			   struct clasp_news *news);
void clasp_scoreboard_duplicate(struct clasp_conn *c, struct clasp_news *news);
u32 clasp_scoreboard_lose(struct clasp_conn *c, struct clasp_sent *sent);
u32 clasp_scoreboard_lose_head(struct clasp_conn *c);
void clasp_scoreboard_lose_all(struct clasp_conn *c);
u32 clasp_scoreboard_lose_long(struct clasp_conn *c, u32 mss);
void clasp_scoreboard_unlose(struct clasp_conn *c);
struct clasp_sent *clasp_scoreboard_next(struct clasp_conn *c);
void clasp_scoreboard_again(struct clasp_conn *c, struct clasp_sent *sent);

#endif
