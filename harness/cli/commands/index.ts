/** Every command, in the order in which the help lists them. A new command is one file and one entry here. */
import { listed } from '../help/listed.ts'
import type { ListedCommand } from '../help/listed.ts'

export const commands: readonly ListedCommand[] = [
  listed(
    {
      command: 'run [scenario..]',
      describe: 'Run scenarios on real clusters and judge every cell',
      docs: 'docs/scenarios.md, docs/ci.md',
      examples: [
        ['run', 'one unsafe and one safe setting of each system'],
        ['run orders.yaml --only acks=1', 'the cells of a scenario that have this setting'],
        ['run claims --shard 2/4', 'the second quarter of the trials'],
      ],
    },
    async () => (await import('./run.ts')).runCommand,
  ),
  listed(
    {
      command: 'audit <file..>',
      describe: 'Find out which faults make your configuration lose messages, and prove the fix',
      docs: 'docs/audit.md',
      examples: [
        ['audit server.properties', 'every fault, and the settings that help'],
        ['audit docker-compose.yml --dry-run', 'what would be asked'],
      ],
    },
    async () => (await import('./audit.ts')).auditCommand,
  ),
  listed(
    {
      command: 'stress [file..]',
      describe: 'Look for losses with random fault schedules, and make what is found simple',
      docs: 'docs/stress.md',
      examples: [['stress server.properties --for 2h', 'random faults for two hours']],
    },
    async () => (await import('./stress.ts')).stressCommand,
  ),
  listed(
    {
      command: 'replay <run>',
      describe: 'Run the plan of an earlier run again, with its seed; with --times, count the verdicts',
      docs: 'docs/reading-a-report.md',
      examples: [
        ['replay results/<run> --only acks=1', 'one cell'],
        ['replay results/<run> --times 5', 'all cells, five times'],
      ],
    },
    async () => (await import('./replay.ts')).replayCommand,
  ),
  listed(
    {
      command: 'list [name..]',
      describe: 'Print the scenarios that ship with Lossproof, with their claims',
      docs: 'docs/claims.md',
      examples: [
        ['list', 'all of them'],
        ['list claims', 'those of one folder'],
      ],
    },
    async () => (await import('./list.ts')).listCommand,
  ),
  listed(
    {
      command: 'plan [scenario..]',
      describe: 'Print cells, trials and schedule without starting anything',
      docs: 'docs/scenarios.md',
      examples: [['plan quick --set producer.retries=0', 'with one setting changed in every cell']],
    },
    async () => (await import('./plan.ts')).planCommand,
  ),
  listed(
    {
      command: 'check [run]',
      describe: 'Judge a stored run, or a folder of lane files, again from its history; needs no Docker',
      docs: 'docs/formats.md',
      examples: [
        ['check results/<run>', 'the same verdict again, from the files alone'],
        ["check --lane <folder> --expect 'lost: 0'", 'files that another harness wrote'],
      ],
    },
    async () => (await import('./check.ts')).checkCommand,
  ),
  listed(
    {
      command: 'check-client [words..]',
      describe: 'Test whether a client of your own speaks the protocol of docs/own-client.md',
      docs: 'docs/own-client.md',
      examples: [
        ['check-client -- python3 producer.py', 'a producer'],
        ['check-client --role consumer -- ./consumer', 'a consumer'],
      ],
    },
    async () => (await import('./check-client/check-client.ts')).checkClientCommand,
  ),
  listed(
    {
      command: 'report <run..>',
      describe: 'Write the reports of a run again, or a dashboard of several runs; needs no Docker',
      docs: 'docs/reading-a-report.md',
      examples: [
        ['report results/<run>', 'the reports of one run'],
        ['report results/*', 'a dashboard of all runs'],
      ],
    },
    async () => (await import('./report.ts')).reportCommand,
  ),
  listed(
    {
      command: 'compare <before> <after>',
      describe: 'Show what changed between two runs, or between a baseline file and a run; needs no Docker',
      docs: 'docs/ci.md',
      examples: [
        ['compare results/<before> results/<after>', 'what changed, cell by cell'],
        ['compare baseline.json <run> --update', 'write the known violations'],
      ],
    },
    async () => (await import('./compare.ts')).compareCommand,
  ),
  listed(
    {
      command: 'schema <name>',
      describe: 'Print the JSON Schema of scenarios, plans, records, events, run.json or verdict.json',
      docs: 'docs/formats.md',
      examples: [['schema verdict', 'the form of verdict.json']],
    },
    async () => (await import('./schema.ts')).schemaCommand,
  ),
  listed(
    {
      command: 'init <file..>',
      describe: 'Write a scenario of your own from your configuration files',
      docs: 'docs/first-scenario.md',
      examples: [['init server.properties --out orders.yaml', 'a scenario to start from']],
    },
    async () => (await import('./init.ts')).initCommand,
  ),
  listed(
    {
      command: 'doctor',
      describe: 'Show what this machine can do: engine, images, capabilities, leftovers',
      docs: 'docs/troubleshooting.md',
      examples: [['doctor', 'changes nothing']],
    },
    async () => (await import('./machine/doctor.ts')).doctorCommand,
  ),
  listed(
    {
      command: 'images <action> [file]',
      describe: 'List the images that runs need, or keep them in a file: list, key, save, load',
      docs: 'docs/ci.md',
      examples: [
        ['images save images.tar --scenario quick', 'what the scenarios of quick need'],
        ['images load images.tar', 'on another machine'],
      ],
    },
    async () => (await import('./machine/images.ts')).imagesCommand,
  ),
  listed(
    {
      command: 'clean',
      describe: 'Remove what earlier runs left on the engine; touches only what carries the label of Lossproof',
      docs: 'docs/troubleshooting.md',
      examples: [['clean', 'what dead runs left']],
    },
    async () => (await import('./machine/clean.ts')).cleanCommand,
  ),
  listed(
    {
      command: 'completion [shell]',
      describe: 'Print a script that completes commands, options and scenario names in your shell',
      docs: 'docs/commands.md',
      examples: [['completion bash', 'source <(lossproof completion bash) uses it at once']],
    },
    async () => (await import('./completion.ts')).completionCommand,
  ),
  listed(
    {
      command: 'test',
      describe: "Run the project's own tests: types, lint, format, unit tests, and tests on real clusters",
      docs: 'CONTRIBUTING.md',
      examples: [['test --unit', 'only what needs no Docker']],
    },
    async () => (await import('./test.ts')).testCommand,
  ),
]

export const commandNames: readonly string[] = commands.map(({ name }) => name)
