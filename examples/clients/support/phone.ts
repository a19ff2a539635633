/** Answers the phone of a sample person. Hangs up as people do: the goodbye of a call takes seconds. */
import { setTimeout as pass } from 'node:timers/promises';
import { person as personAt, SimulatorError, type PersonAtPhone } from '../../../simulator/person.ts';
import { untilHeard } from '../../../test/support/world/clock.ts';
import { person, world } from './world.ts';

const phone = (): PersonAtPhone => personAt(world().simulator, person().number);

/** Picks up, hears the beginning of the question, and presses #. @throws Error where the call accepts no key */
export const approveCall = async (): Promise<void> => {
  const own = phone();
  await own.ringing();
  await own.answer();
  await own.hear();
  await pass(untilHeard);
  const { taken } = await own.press('#');
  if (!taken) throw new Error('got a call that accepts no key, expected it to accept #');
};

/** Hangs up, where the call is not over yet. Before the server has the key, it would end the sign-in. */
export const hangUp = async (): Promise<void> => {
  try {
    await phone().hangUp();
  } catch (error) {
    if (!(error instanceof SimulatorError && error.code === 'not-now')) throw error;
  }
};
