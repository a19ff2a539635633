/** Starts the Django of an example. */
import type { Start } from './client.ts';
import { run } from './install.ts';

const django = ['.venv/bin/python', '-m', 'django'] as const;

/** With an empty database. */
export const djangoProgram: Pick<Start, 'links' | 'prepare' | 'command' | 'env'> = {
  links: ['.venv'],
  prepare: folder => run([...django, 'migrate', '--settings=settings', '--pythonpath=.', '--verbosity=0'], folder),
  command: ({ port }) => [
    ...django,
    'runserver',
    '--noreload',
    '--settings=settings',
    '--pythonpath=.',
    `127.0.0.1:${port}`,
  ],
};
