// SPDX-License-Identifier: GPL-2.0
/*
 * Can a library be loaded into a program, and does the program call it?
 *
 * Not where there is no dynamic linker (static programs), where the linker
 * heeds no LD_PRELOAD (programs that gain rights), where the library is of
 * another machine, and where no C library is asked for sockets (Go). Asked by
 * run.c before it starts a program, since each of these would be silent.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "reach.h"

/* Where the linker put our own header: what we are built for. */
extern const ElfW(Ehdr) __ehdr_start __attribute__((visibility("hidden")));

/**
 * struct elf - a program that is being looked at
 * @head: what it begins with
 * @fd: open for reading
 */
struct elf {
	ElfW(Ehdr)	head;
	int		fd;
};

#define MAX_SCRIPTS 5	/* the kernel follows no more, one from the other */

/**
 * reach_find() - where a program is, as execvp() finds it
 * @program: a name to look for in PATH, or a path
 * @path: becomes its path
 * @room: bytes at @path
 *
 * Return: 0, or the errno that tells why there is none
 */
int reach_find(const char *program, char *path, size_t room)
{
	const char *list = getenv("PATH");
	int error = ENOENT;

	if (strchr(program, '/')) {
		snprintf(path, room, "%s", program);
		return access(path, X_OK) ? errno : 0;
	}
	if (!list)
		list = "/bin:/usr/bin";
	for (;;) {
		int length = strcspn(list, ":");

		snprintf(path, room, "%.*s/%s", length, length ? list : ".", program);
		if (!access(path, X_OK))
			return 0;
		if (errno == EACCES)
			error = EACCES;
		if (!list[length])
			return error;
		list += length + 1;
	}
}

/* The linker of a program that gains rights by being run loads nothing. */
static int gains_rights(int fd)
{
	struct statvfs fs;
	struct stat st;

	if (fstat(fd, &st) || fstatvfs(fd, &fs) || (fs.f_flag & ST_NOSUID))
		return 0;
	if ((st.st_mode & S_ISUID) && st.st_uid != getuid())
		return 1;
	if ((st.st_mode & S_ISGID) && (st.st_mode & 0010) && st.st_gid != getgid())
		return 1;
	return getuid() && fgetxattr(fd, "security.capability", NULL, 0) > 0;
}

static int has_linker(const struct elf *elf)
{
	ElfW(Phdr) part;
	int i;

	for (i = 0; i < elf->head.e_phnum; i++) {
		if (pread(elf->fd, &part, sizeof(part), elf->head.e_phoff + i * sizeof(part)) !=
		    sizeof(part))
			break;
		if (part.p_type == PT_INTERP)
			return 1;
	}
	return 0;
}

/* Go's compiler leaves a section of its own, whatever it links with. */
static int is_go(const struct elf *elf)
{
	ElfW(Shdr) names, section;
	const off_t step = sizeof(section);
	char name[32] = "";
	int i;

	if (pread(elf->fd, &names, step, elf->head.e_shoff + elf->head.e_shstrndx * step) != step)
		return 0;
	for (i = 0; i < elf->head.e_shnum; i++) {
		if (pread(elf->fd, &section, step, elf->head.e_shoff + i * step) != step ||
		    pread(elf->fd, name, sizeof(name) - 1, names.sh_offset + section.sh_name) < 1)
			return 0;
		if (!strcmp(name, ".go.buildinfo") || !strcmp(name, ".note.go.buildid"))
			return 1;
	}
	return 0;
}

static const char *elf_obstacle(const struct elf *elf)
{
	if (elf->head.e_ident[EI_CLASS] != __ehdr_start.e_ident[EI_CLASS] ||
	    elf->head.e_machine != __ehdr_start.e_machine)
		return "is built for another kind of processor than this command";
	if (is_go(elf))
		return "is written in Go, which makes its system calls itself";
	if (!has_linker(elf))
		return "is linked statically, so nothing can be loaded into it";
	if (gains_rights(elf->fd))
		return "gains rights when it is run, so nothing is loaded into it";
	return NULL;
}

/*
 * Whom the kernel starts for a script whose first line is @line. Behind env it
 * is who env finds; env itself is as good as any.
 */
static int interpreter(char *line, char *path, size_t room)
{
	char *rest = NULL, *program, *word, *slash;

	line[strcspn(line, "\n")] = '\0';
	program = strtok_r(line + 2, " \t", &rest);
	if (!program)
		return ENOEXEC;
	slash = strrchr(program, '/');
	word = slash && !strcmp(slash, "/env") ? strtok_r(NULL, " \t", &rest) : NULL;
	while (word && (*word == '-' || strchr(word, '=')))
		word = strtok_r(NULL, " \t", &rest);
	return reach_find(word ? word : program, path, room);
}

/**
 * reach_obstacle() - why a library cannot stand between a program and its calls
 * @path: the program
 * @at: becomes the path of what stands in the way: @path, or of a script the
 *	interpreter
 * @room: bytes at @at
 *
 * Return: a part of a sentence, or NULL: nothing does, as far as can be seen
 * without running it. What cannot be read is left to execve() to judge.
 */
const char *reach_obstacle(const char *path, char *at, size_t room)
{
	const char *obstacle = NULL;
	char line[256];
	int i;

	snprintf(at, room, "%s", path);
	for (i = 0; i < MAX_SCRIPTS; i++) {
		struct elf elf = { .fd = open(at, O_RDONLY | O_CLOEXEC) };
		ssize_t n;

		if (elf.fd < 0)
			return NULL;
		n = pread(elf.fd, line, sizeof(line) - 1, 0);
		line[n < 0 ? 0 : n] = '\0';
		memcpy(&elf.head, line, sizeof(elf.head));
		if (n >= (ssize_t)sizeof(elf.head) && !memcmp(line, ELFMAG, SELFMAG))
			obstacle = elf_obstacle(&elf);
		close(elf.fd);
		if (strncmp(line, "#!", 2) || interpreter(line, at, room))
			break;
	}
	return obstacle;
}
