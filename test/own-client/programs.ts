/**
 * The example clients, with the packages that they need. The first use installs them into the user's cache folder, which
 * needs the network.
 */
import { existsSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { root } from '../support/cli.ts'

const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'lossproof-tests')
const python = join(root, 'examples/clients/python')
const environment = join(cache, 'python')
const interpreter = join(environment, 'bin/python')
const goSources = join(root, 'examples/clients/go')

export const goClient = join(cache, 'go-client')
/** Every example client in every role, also those whose packages have to be compiled. */
export const wantsAllClients = process.env['LOSSPROOF_TEST_ALL_CLIENTS'] !== undefined

export const lyingProducer = [process.execPath, join(import.meta.dirname, 'lying-producer.ts')]

export const pythonCommand = (role: 'producer' | 'consumer'): string[] => [interpreter, join(python, `${role}.py`)]

/** Why the clients in Python cannot run on this machine; undefined when they can. */
export async function missingPython(): Promise<string | undefined> {
  const { failed } = await execa('python3', ['-c', 'import venv, ensurepip'], { reject: false })
  return failed ? 'python3 with the modules venv and ensurepip is not installed' : undefined
}

/** Makes a virtual environment with confluent-kafka from PyPI. */
export async function preparePython(): Promise<void> {
  const isInstalled = async () =>
    !(await execa(interpreter, ['-c', 'import confluent_kafka'], { reject: false })).failed
  if (existsSync(interpreter) && (await isInstalled())) return
  mkdirSync(cache, { recursive: true })
  await execa('python3', ['-m', 'venv', '--clear', environment])
  const requirements = join(python, 'requirements.txt')
  await execa(interpreter, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements])
}

/** Compiles the client on franz-go. */
export async function prepareGo(): Promise<void> {
  mkdirSync(cache, { recursive: true })
  await execa('go', ['build', '-o', goClient, '.'], { cwd: goSources })
}
