// SPDX-License-Identifier: GPL-2.0
/*
 * What options that are a number have in common.
 */
#include "option.h"

void keeps_both_values(int where, int name, int at_first)
{
	int fd = new_socket();

	EXPECT_EQ(get_option(fd, where, name), at_first);
	EXPECT_EQ(set_option(fd, where, name, !at_first), 0);
	EXPECT_EQ(get_option(fd, where, name), !at_first);
	EXPECT_EQ(set_option(fd, where, name, at_first), 0);
	EXPECT_EQ(get_option(fd, where, name), at_first);
}

void takes_any_number(int where, int name)
{
	int fd = new_socket(), long_one[2] = { 0, 1 };

	EXPECT_EQ(set_option(fd, where, name, 7), 0);
	EXPECT_EQ(get_option(fd, where, name), 1);
	EXPECT_EQ(setsockopt(fd, where, name, long_one, sizeof(long_one)), 0);
	EXPECT_EQ(get_option(fd, where, name), 0);
	EXPECT_EQ(set_option(fd, where, name, -1), 0);
	EXPECT_EQ(get_option(fd, where, name), 1);
}

void keeps_its_range(int where, int name, int at_first, int least, int most)
{
	int fd = new_socket();

	EXPECT_EQ(get_option(fd, where, name), at_first);
	EXPECT_EQ(set_option(fd, where, name, least), 0);
	EXPECT_EQ(get_option(fd, where, name), least);
	EXPECT_EQ(set_option(fd, where, name, most), 0);
	EXPECT_EQ(get_option(fd, where, name), most);
}

void refuses_beyond(int where, int name, int least, int most)
{
	int fd = new_socket();

	NEED(!set_option(fd, where, name, most));
	EXPECT_EQ(get_option(fd, where, name), most);
	if (least > -0x7fffffff)
		EXPECT_ERR(set_option(fd, where, name, least - 1), EINVAL);
	if (most < 0x7fffffff)
		EXPECT_ERR(set_option(fd, where, name, most + 1), EINVAL);
	EXPECT_EQ(get_option(fd, where, name), most);
}

void gives_a_short_buffer_its_front(int where, int name)
{
	int fd = new_socket(), whole = get_option(fd, where, name);
	unsigned char room[64];
	socklen_t len = 2;

	memset(room, 0x55, sizeof(room));
	EXPECT_EQ(getsockopt(fd, where, name, room, &len), 0);
	EXPECT_EQ(len, 2);
	EXPECT_EQ(memcmp(room, &whole, 2), 0);
	EXPECT_EQ(room[2], 0x55);

	len = sizeof(room);
	EXPECT_EQ(getsockopt(fd, where, name, room, &len), 0);
	EXPECT_EQ(len, sizeof(int));
	EXPECT_EQ(memcmp(room, &whole, sizeof(int)), 0);
	EXPECT_EQ(room[sizeof(int)], 0x55);
}

void refuses_bad_buffers(int where, int name)
{
	int fd = new_socket(), value = get_option(fd, where, name);
	socklen_t len = sizeof(value);

	EXPECT_ERR(setsockopt(fd, where, name, &value, 3), EINVAL);
	EXPECT_ERR(setsockopt(fd, where, name, &value, 0), EINVAL);
	EXPECT_ERR(setsockopt(fd, where, name, &value, -1), EINVAL);
	EXPECT_ERR(setsockopt(fd, where, name, (void *)8, len), EFAULT);

	EXPECT_ERR(getsockopt(fd, where, name, (void *)8, &len), EFAULT);
	EXPECT_ERR(getsockopt(fd, where, name, &value, (socklen_t *)8), EFAULT);
	len = -1;
	EXPECT_ERR(getsockopt(fd, where, name, &value, &len), EINVAL);
}

void refuses_to_be_set(int where, int name)
{
	int fd = new_socket(), before = get_option(fd, where, name);

	EXPECT_ERR(set_option(fd, where, name, 1), ENOPROTOOPT);
	EXPECT_EQ(get_option(fd, where, name), before);
}
