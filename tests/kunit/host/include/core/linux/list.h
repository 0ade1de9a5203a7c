/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rings of two-way links that live inside of what they link. An empty ring is
 * a head that points at itself.
 */
#ifndef HOST_LINUX_LIST_H
#define HOST_LINUX_LIST_H

#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/types.h>

struct list_head {
	struct list_head *next;
	struct list_head *prev;
};

#define LIST_HEAD_INIT(head)	{ &(head), &(head) }
#define LIST_HEAD(head)		struct list_head head = LIST_HEAD_INIT(head)

static inline void INIT_LIST_HEAD(struct list_head *head)
{
	head->next = head;
	head->prev = head;
}

static inline bool list_empty(const struct list_head *head)
{
	return head->next == head;
}

static inline bool list_is_singular(const struct list_head *head)
{
	return !list_empty(head) && head->next == head->prev;
}

static inline bool list_is_first(const struct list_head *entry,
				 const struct list_head *head)
{
	return entry->prev == head;
}

static inline bool list_is_last(const struct list_head *entry,
				const struct list_head *head)
{
	return entry->next == head;
}

static inline bool list_is_head(const struct list_head *entry,
				const struct list_head *head)
{
	return entry == head;
}

static inline void host_list_link(struct list_head *prev,
				  struct list_head *next)
{
	prev->next = next;
	next->prev = prev;
}

/* Right behind @head: a stack, or "after this entry". */
static inline void list_add(struct list_head *entry, struct list_head *head)
{
	host_list_link(entry, head->next);
	host_list_link(head, entry);
}

/* Right before @head: a queue, or "before this entry". */
static inline void list_add_tail(struct list_head *entry,
				 struct list_head *head)
{
	host_list_link(head->prev, entry);
	host_list_link(entry, head);
}

/* What was taken out points nowhere: using it again is caught. */
static inline void list_del(struct list_head *entry)
{
	host_list_link(entry->prev, entry->next);
	entry->next = NULL;
	entry->prev = NULL;
}

static inline void list_del_init(struct list_head *entry)
{
	host_list_link(entry->prev, entry->next);
	INIT_LIST_HEAD(entry);
}

static inline void list_move(struct list_head *entry, struct list_head *head)
{
	host_list_link(entry->prev, entry->next);
	list_add(entry, head);
}

static inline void list_move_tail(struct list_head *entry,
				  struct list_head *head)
{
	host_list_link(entry->prev, entry->next);
	list_add_tail(entry, head);
}

/* All of @from goes to the front of @to; @from is left empty. */
static inline void list_splice_init(struct list_head *from,
				    struct list_head *to)
{
	if (list_empty(from))
		return;

	host_list_link(from->prev, to->next);
	host_list_link(to, from->next);
	INIT_LIST_HEAD(from);
}

static inline void list_splice_tail_init(struct list_head *from,
					 struct list_head *to)
{
	list_splice_init(from, to->prev);
}

#define list_entry(ptr, type, member)	container_of(ptr, type, member)

#define list_first_entry(head, type, member) \
	list_entry((head)->next, type, member)
#define list_last_entry(head, type, member) \
	list_entry((head)->prev, type, member)
#define list_next_entry(at, member) \
	list_entry((at)->member.next, typeof(*(at)), member)
#define list_prev_entry(at, member) \
	list_entry((at)->member.prev, typeof(*(at)), member)
#define list_first_entry_or_null(head, type, member) \
	(list_empty(head) ? NULL : list_first_entry(head, type, member))
#define list_last_entry_or_null(head, type, member) \
	(list_empty(head) ? NULL : list_last_entry(head, type, member))
#define list_entry_is_head(at, head, member)	(&(at)->member == (head))

#define list_for_each_entry_from(at, head, member)			\
	for (; !list_entry_is_head(at, head, member);			\
	     at = list_next_entry(at, member))

#define list_for_each_entry(at, head, member)				\
	for (at = list_first_entry(head, typeof(*at), member);		\
	     !list_entry_is_head(at, head, member);			\
	     at = list_next_entry(at, member))

#define list_for_each_entry_reverse(at, head, member)			\
	for (at = list_last_entry(head, typeof(*at), member);		\
	     !list_entry_is_head(at, head, member);			\
	     at = list_prev_entry(at, member))

/* @at may be taken out of the ring meanwhile. */
#define list_for_each_entry_safe(at, then, head, member)		\
	for (at = list_first_entry(head, typeof(*at), member),		\
	     then = list_next_entry(at, member);			\
	     !list_entry_is_head(at, head, member);			\
	     at = then, then = list_next_entry(then, member))

#endif
