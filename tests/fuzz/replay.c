// SPDX-License-Identifier: GPL-2.0
/*
 * Runs a fuzz target over files, one after the other, without libFuzzer.
 */
#include <string.h>

#include "fuzz.h"

static void one(const char *path)
{
	static u8 bytes[1 << 20];
	FILE *f = fopen(path, "rb");
	u8 *exact;
	size_t len;

	if (!f) {
		perror(path);
		exit(2);
	}
	len = fread(bytes, 1, sizeof(bytes), f);
	fclose(f);

	/* of its own length, so that a byte beyond it is caught */
	exact = malloc(len ? len : 1);
	if (!exact)
		abort();
	memcpy(exact, bytes, len);
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(exact, len);
	free(exact);
}

int main(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		one(argv[i]);

	return EXIT_SUCCESS;
}
