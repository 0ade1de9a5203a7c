// SPDX-License-Identifier: GPL-2.0
/*
 * Scenarios from consecutive seeds, one after the other, for a given time.
 *
 * Each process takes every nth seed. What they found is in memory that they
 * share with the first one, with the seed each is at: a process that dies
 * (of a sanitizer, say) has told by that which scenario it was.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "expect.h"
#include "sim.h"
#include "soak.h"

#define PROCESSES_MAX	64
#define LIMIT_SECONDS	60	/* for one scenario, of our time */

struct share {
	u64	seed;		/* that is being run */
	u64	scenarios;
	u64	segments;
	u64	bytes;
	double	worst;		/* goodput */
	u64	worst_seed;
	double	goodput;	/* sum */
	bool	failed;
	char	failure[512];
};

static double clock_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);

	return now.tv_sec + now.tv_nsec / 1e9;
}

static void judge(struct share *share, struct sim *sim)
{
	struct sim_measures m;

	sim_measure(sim, &m);
	share->scenarios++;
	share->segments += m.segments;
	share->bytes += m.bytes;
	share->goodput += m.goodput;
	if (m.goodput < share->worst) {
		share->worst = m.goodput;
		share->worst_seed = sim->seed;
	}
	if (*sim->failure) {
		share->failed = true;
		memcpy(share->failure, sim->failure, sizeof(share->failure));
	}
}

static void run(struct share *share, struct sim *sim)
{
	struct sim_scenario *scenario = malloc(sizeof(*scenario));
	char text[4096], name[64];

	if (!scenario)
		abort();
	sim_random_text(share->seed, text, sizeof(text));
	snprintf(name, sizeof(name), "random-%llu", share->seed);
	if (!sim_scenario_read(scenario, name, text))
		abort();
	sim_init(sim, scenario, share->seed);
	sim_run(sim);
	judge(share, sim);
	sim_free(sim);
	free(scenario);
}

static void work(struct share *share, u64 from, u64 to, u32 step, u32 seconds)
{
	double until = clock_seconds() + seconds;
	struct sim *sim = malloc(sizeof(*sim));

	if (!sim)
		abort();
	share->worst = 1e9;
	for (share->seed = from; share->seed < to; share->seed += step) {
		if (seconds && clock_seconds() > until)
			break;
		/* what hangs dies, and the seed is known */
		alarm(LIMIT_SECONDS);
		run(share, sim);
		if (share->failed)
			break;
	}
	free(sim);
}

static int tell_failure(const struct share *share, const char *what)
{
	printf("seed %llu fails: %s\n", share->seed, what);
	printf("to see it: make sim SEED=%llu\n", share->seed);

	return EXIT_FAILURE;
}

static int tell(const struct share *shares, u32 processes, double seconds)
{
	struct share all = { .worst = 1e9 };
	u32 i;

	for (i = 0; i < processes; i++) {
		all.scenarios += shares[i].scenarios;
		all.segments += shares[i].segments;
		all.bytes += shares[i].bytes;
		all.goodput += shares[i].goodput;
		if (shares[i].worst < all.worst) {
			all.worst = shares[i].worst;
			all.worst_seed = shares[i].worst_seed;
		}
	}
	if (!all.scenarios)
		return EXIT_FAILURE;

	printf("%llu scenarios in %.1f s (%.0f a second), %llu MiB\n",
	       all.scenarios, seconds, all.scenarios / seconds,
	       all.bytes >> 20);
	printf("%llu segments (%.1f million a minute)\n", all.segments,
	       all.segments / seconds * 60 / 1e6);
	printf("goodput of the link's capacity: %.2f on average, worst %.4f (seed %llu)\n",
	       all.goodput / all.scenarios, all.worst, all.worst_seed);

	return EXIT_SUCCESS;
}

static int gather(struct share *shares, const pid_t *pids, u32 processes)
{
	int status, result = EXIT_SUCCESS;
	u32 i;

	for (i = 0; i < processes; i++) {
		waitpid(pids[i], &status, 0);
		if (shares[i].failed)
			result = tell_failure(&shares[i], shares[i].failure);
		else if (status)
			result = tell_failure(&shares[i], "the process died");
	}

	return result;
}

/**
 * sim_soak() - run scenarios by chance
 * @from: first seed
 * @count: how many; 0: until the time is over
 * @seconds: how long at most; 0: until the count is done
 * @processes: at a time
 *
 * Return: EXIT_SUCCESS when all went well.
 */
int sim_soak(u64 from, u64 count, u32 seconds, u32 processes)
{
	double began = clock_seconds();
	pid_t pids[PROCESSES_MAX];
	struct share *shares;
	int status;
	u32 i;

	processes = clamp_t(u32, processes, 1, PROCESSES_MAX);
	if (!count && !seconds)
		count = 1;
	shares = mmap(NULL, processes * sizeof(*shares), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shares == MAP_FAILED)
		return EXIT_FAILURE;

	fflush(stdout);
	for (i = 0; i < processes; i++) {
		pids[i] = fork();
		if (pids[i] < 0)
			return EXIT_FAILURE;
		if (!pids[i]) {
			work(&shares[i], from + i, count ? from + count : ~0ull,
			     processes, seconds);
			exit(EXIT_SUCCESS);
		}
	}

	status = gather(shares, pids, processes);
	if (tell(shares, processes, clock_seconds() - began))
		status = EXIT_FAILURE;

	return status;
}
