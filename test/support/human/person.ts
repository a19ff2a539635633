/**
 * A person at a telephone, scripted: they know what they hear, what the phone's screen shows, and its keys. What they want is
 * told to them; which key does that, only the voice tells. So whoever changes a sentence finds out here whether people can
 * still follow it.
 */
import type { CallView } from '../../../simulator/simulation/views.ts';
import type { PersonAtPhone } from '../../../simulator/person.ts';
import {
  spokenLanguages,
  keysToPress,
  understand,
  type Meaning,
  type SpokenLanguage,
  type Understood,
} from './comprehension.ts';

/** What somebody wants of a call. */
export interface Intention {
  /** code: to write down what is dictated; put through: to learn for whom it is. */
  readonly wants: 'sign in' | 'report' | 'code' | 'put through' | 'be absent' | 'hang up' | 'be silent';
  /** What the one who looks at the page reads out. */
  readonly shown?: string;
  /** Lets so many prompts go by first. */
  readonly dawdles?: number;
  /** A key that slips in before the first that was meant. */
  readonly slips?: string;
  /** Sits at the extension; else "if you are there" is not for them. */
  readonly isThere?: boolean;
}

/** What they remember of a call. */
export interface CallMemory {
  /** Each prompt as they heard it. */
  readonly heard: readonly string[];
  readonly languages: readonly SpokenLanguage[];
  /** All keys they pressed, in order. */
  readonly pressed: string;
  /** What they wrote down: a dictated code, the extension that was asked for. */
  readonly wroteDown?: string;
  readonly extension?: string;
  /** Whether the voice said goodbye, and its last words. */
  readonly goodbye: boolean;
  readonly lastWords: string;
}

/** Keys pressed or prompts let pass before somebody gives up. */
const maxTurns = 64;

const spokenLanguageOf = (language: string): SpokenLanguage => {
  const tongue = spokenLanguages.find(each => language.startsWith(each));
  if (tongue === undefined) throw new Error(`nobody here speaks ${language}`);
  return tongue;
};

/** What is done at this sentence, for each wish; what is not said for them they let pass. */
const follows: Readonly<Record<Intention['wants'], readonly Meaning[]>> = {
  'sign in': ['if it is me'],
  report: ['if it is not me'],
  code: ['to hear the code'],
  'put through': [],
  'be absent': [],
  'hang up': [],
  'be silent': [],
};

/** Keys for what was just said; undefined: nothing that was said is for them. */
const decide = (sentences: readonly Understood[], { wants, shown, isThere }: Intention): string | undefined => {
  const arriving =
    isThere === true ? sentences.find(({ meaning }) => meaning === 'if I am at the extension') : undefined;
  const wanted = arriving ?? sentences.find(({ meaning }) => follows[wants].includes(meaning));
  const keys = wanted && keysToPress(wanted, shown);
  return keys === '' ? undefined : keys;
};

/** A code that was said twice the same; who hears two codes writes down none. */
const noted = (sentences: readonly Understood[]): string | undefined => {
  const codes = new Set(sentences.flatMap(({ meaning, digits }) => (meaning === 'the code' ? [digits] : [])));
  const [code] = codes;
  return codes.size === 1 ? code : undefined;
};

/** Goes on with a call that is on: listens, decides, presses, until the call is over or they have what they came for. */
export const listen = async (phone: PersonAtPhone, intention: Intention): Promise<CallMemory> => {
  const { dawdles = 0, slips = '', wants } = intention;
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
  /** One key after the other; what is said in between counts more than what was said before. */
  const press = async (keys: string): Promise<void> => {
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

/** A call from its first ring. */
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
 * The code of the newest text, as a glance at a locked screen shows it: the message begins with it.
 * @throws where the first thing in the message is not six digits.
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
