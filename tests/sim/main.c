// SPDX-License-Identifier: GPL-2.0
/*
 * The simulator's command line: README.md.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "endpoint.h"
#include "expect.h"
#include "soak.h"
#include "trace.h"

static int usage(void)
{
	fprintf(stderr,
		"sim [-v] [-p FILE.svg] [-s SEED] SCENARIO.sim\n"
		"sim [-v] [-p FILE.svg] -r SEED     a scenario by chance\n"
		"sim -t SEED                        and its text\n"
		"sim -S SECONDS [-f FROM] [-n COUNT] [-j PROCESSES]\n"
		"-v prints the ladder, -p draws a plot.\n");
	return 2;
}

static void summary(const struct sim *sim)
{
	struct sim_measures m;

	sim_measure(sim, &m);
	printf("%s, seed %llu: %llu bytes in %.3f s, %.2f Mbit/s, goodput %.2f, %llu segments\n",
	       sim->scenario.name, sim->seed, m.bytes, m.seconds,
	       m.rate / 1e6, m.goodput, m.segments);
}

static int run(const struct sim_scenario *scenario, u64 seed, bool ladder,
	       const char *plot)
{
	struct sim *sim = malloc(sizeof(*sim));
	int status = EXIT_SUCCESS;

	if (!sim)
		abort();
	sim_init(sim, scenario, seed);
	sim->ladder = ladder;
	if (plot)
		sim->plot = sim_plot_new();
	sim_run(sim);

	if (*sim->failure) {
		printf("%s, seed %llu: %s\n", scenario->name, seed,
		       sim->failure);
		status = EXIT_FAILURE;
	} else {
		summary(sim);
	}
	if (plot && !sim_plot_write(sim, plot)) {
		perror(plot);
		status = EXIT_FAILURE;
	}
	sim_free(sim);
	free(sim);

	return status;
}

static bool read_random(struct sim_scenario *scenario, u64 seed)
{
	char text[4096], name[64];

	sim_random_text(seed, text, sizeof(text));
	snprintf(name, sizeof(name), "random-%llu", seed);

	return sim_scenario_read(scenario, name, text);
}

int main(int argc, char **argv)
{
	u64 seed = 0, from = 1, count = 0, chosen = 0, seconds = 0;
	const char *plot = NULL;
	struct sim_scenario scenario;
	bool ladder = false, random = false, text = false, soak = false;
	u32 processes = 1;
	int option;

	while ((option = getopt(argc, argv, "vp:s:r:t:S:f:n:j:")) != -1) {
		u64 number = optarg ? strtoull(optarg, NULL, 10) : 0;

		switch (option) {
		case 'v':
			ladder = true;
			break;
		case 'p':
			plot = optarg;
			break;
		case 's':
			seed = number;
			break;
		case 'r':
		case 't':
			random = true;
			text = option == 't';
			chosen = number;
			break;
		case 'S':
			soak = true;
			seconds = number;
			break;
		case 'f':
			from = number;
			break;
		case 'n':
			count = number;
			break;
		case 'j':
			processes = number;
			break;
		default:
			return usage();
		}
	}

	if (soak)
		return sim_soak(from, count, seconds, processes);
	if (text) {
		char lines[4096];

		sim_random_text(chosen, lines, sizeof(lines));
		fputs(lines, stdout);
		return EXIT_SUCCESS;
	}
	if (random) {
		if (!read_random(&scenario, chosen))
			return 2;
		return run(&scenario, chosen, ladder, plot);
	}
	if (optind + 1 != argc)
		return usage();
	if (!sim_scenario_file(&scenario, argv[optind]))
		return 2;

	return run(&scenario, seed ? seed : scenario.seed, ladder, plot);
}
