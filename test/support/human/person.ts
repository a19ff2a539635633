/**
 * Acts as a person at a phone, who knows only the voice, the screen of the phone and its keys. The test sets the goal, and
 * only the voice tells the key for it. So a changed sentence that people could not follow fails here.
 */
import type { CallView } from '../../../simulator/simulation/views.ts';
import type { PersonAtPhone } from '../../../simulator/person.ts';
import { passTime, untilHeard } from '../world/clock.ts';
import { until } from '../world/until.ts';
import {
  spokenLanguages,
  keysToPress,
  understand,
  type Meaning,
  type SpokenLanguage,
  type Understood,
} from './comprehension.ts';

/** The goal of a person in a call. */
export interface Intention {
  /** code: to write down the dictated digits. put through: to learn the extension. */
  readonly wants: 'sign in' | 'report' | 'code' | 'put through' | 'be absent' | 'hang up' | 'be silent';
  /** The number on the page. */
  readonly shown?: string;
  /** How many prompts pass before the first key. */
  readonly dawdles?: number;
  /** A wrong key before the first intended one. */
  readonly slips?: string;
  /** True at the extension; otherwise "if you are there" is not for this person. */
  readonly isThere?: boolean;
}

/** The observations of a person in a call. */
export interface CallMemory {
  /** Each prompt that was heard. */
  readonly heard: readonly string[];
  readonly languages: readonly SpokenLanguage[];
  /** All pressed keys, in order. */
  readonly pressed: string;
  /** A dictated code, and the requested extension. */
  readonly wroteDown?: string;
  readonly extension?: string;
  /** Whether the voice said goodbye. `lastWords`: the last prompt. */
  readonly goodbye: boolean;
  readonly lastWords: string;
}

/** Time to hear a question, in milliseconds. */
export const untilUnderstood = 2_500;

/** Keys or silent prompts before the person gives up. */
const maxTurns = 64;

const spokenLanguageOf = (language: string): SpokenLanguage => {
  const tongue = spokenLanguages.find(each => language.startsWith(each));
  if (tongue === undefined) throw new Error(`nobody here speaks ${language}`);
  return tongue;
};

/** Sentences to which a person with this goal reacts. They ignore every other one. */
const follows: Readonly<Record<Intention['wants'], readonly Meaning[]>> = {
  'sign in': ['if it is me'],
  report: ['if it is not me'],
  code: ['to hear the code'],
  'put through': [],
  'be absent': [],
  'hang up': [],
  'be silent': [],
};

/** Keys for the sentences just heard; undefined: no sentence is for this person. */
const decide = (sentences: readonly Understood[], { wants, shown, isThere }: Intention): string | undefined => {
  const arriving =
    isThere === true ? sentences.find(({ meaning }) => meaning === 'if I am at the extension') : undefined;
  const wanted = arriving ?? sentences.find(({ meaning }) => follows[wants].includes(meaning));
  const keys = wanted && keysToPress(wanted, shown);
  return keys === '' ? undefined : keys;
};

/** The dictated code; undefined where two different codes were heard. */
const noted = (sentences: readonly Understood[]): string | undefined => {
  const codes = new Set(sentences.flatMap(({ meaning, digits }) => (meaning === 'the code' ? [digits] : [])));
  const [code] = codes;
  return codes.size === 1 ? code : undefined;
};

/** Continues a running call: listens, decides and presses keys until the call is over or the goal is reached. */
export const listen = async (phone: PersonAtPhone, intention: Intention): Promise<CallMemory> => {
  const { dawdles = 0, slips = '', wants, isThere } = intention;
  const heard: string[] = [];
  const tongues: SpokenLanguage[] = [];
  let [pressed, lets, isClumsy] = ['', dawdles, slips !== ''];
  let memory: Pick<CallMemory, 'wroteDown' | 'extension'> = {};
  let known = 0;
  let goodbye = false;

  const take = ({ heard: all }: CallView): readonly Understood[] => {
    const fresh = all.slice(known);
    known = all.length;
    return fresh.flatMap(({ text, language }) => {
      const tongue = spokenLanguageOf(language);
      heard.push(text);
      tongues.push(tongue);
      return understand(text, tongue);
    });
  };
  const hearOn = async (): Promise<{ readonly call: CallView; readonly sentences: readonly Understood[] }> => {
    const call = await phone.hear();
    return { call, sentences: take(call) };
  };
  /** Presses one key at a time, so that a sentence in between can change the rest. */
  const press = async (keys: string): Promise<void> => {
    // The same key twice at an extension: this person hears the question first.
    await passTime(isThere === true ? untilUnderstood : untilHeard);
    const { taken } = await phone.press(keys.slice(0, 1));
    if (!taken) throw new Error(`nobody listened to ${keys} after "${heard.at(-1) ?? ''}"`);
    pressed += keys.slice(0, 1);
  };

  let rest = '';
  for (let turn = 0; turn < maxTurns; turn += 1) {
    const { call, sentences } = await hearOn();
    const code = noted(sentences);
    const extension = sentences.find(({ meaning }) => meaning === 'put through')?.digits;
    memory = {
      ...memory,
      ...(code !== undefined && { wroteDown: code }),
      ...(extension !== undefined && { extension }),
    };
    goodbye ||= sentences.some(({ meaning }) => meaning === 'goodbye');
    const hasAll = (wants === 'code' && code !== undefined) || (wants === 'put through' && extension !== undefined);
    if (call.isOver || hasAll) break;
    if (wants === 'hang up') {
      await phone.hangUp();
      break;
    }
    const asked = lets > 0 ? undefined : decide(sentences, intention);
    const keys = asked ?? rest;
    if (keys === '') {
      lets -= 1;
      await phone.waitOut();
    } else if (isClumsy) {
      isClumsy = false;
      await press(slips);
    } else {
      await press(keys);
      rest = keys.slice(1);
    }
  }
  return { heard, languages: tongues, pressed, ...memory, goodbye, lastWords: heard.at(-1) ?? '' };
};

/** Takes a call from its first ring. */
export const takeCall = async (phone: PersonAtPhone, intention: Intention): Promise<CallMemory> => {
  await phone.ringing();
  if (intention.wants === 'be absent') {
    await phone.waitOut();
    return { heard: [], languages: [], pressed: '', goodbye: false, lastWords: '' };
  }
  await phone.answer();
  return listen(phone, intention);
};

/**
 * The code at the beginning of a text, as a locked screen shows it.
 * @throws Error where the message does not begin with six digits.
 */
export const readCode = (text: string): string => {
  const [code] = /^\d{6}(?=\D)/.exec(text) ?? [];
  if (code === undefined) throw new Error('the message does not begin with a code');
  return code;
};

/** Waits for a text, and reads it. */
export const glance = async (phone: PersonAtPhone): Promise<{ readonly code: string; readonly text: string }> => {
  const { text } = await phone.text();
  return { code: readCode(text), text };
};

/** The texts that arrived at a phone, newest first, once there are so many: the network delivers them after our request. */
export const arrivedTexts = async (
  phone: PersonAtPhone,
  least: number,
): Promise<Awaited<ReturnType<PersonAtPhone['messages']>>> => {
  await until(async () => (await phone.messages()).length >= least);
  return phone.messages();
};
