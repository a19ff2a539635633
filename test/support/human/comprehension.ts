/**
 * Understands the spoken sentences of a call in three languages, from the words alone. It knows no catalogue, markup or
 * token of ours. It knows as much as a listener: "pound", "Raute" and "dièse" are the key #.
 */

/** The meaning of a sentence for the listener. */
export type Meaning =
  | 'if it is me'
  | 'if it is not me'
  | 'if I am at the extension'
  | 'to hear the code'
  | 'to hear it again'
  | 'put through'
  | 'the code'
  | 'goodbye'
  | 'nothing';

export interface Understood {
  readonly meaning: Meaning;
  /** The keys that the sentence asks for; `…` stands for the digits on the page. */
  readonly keys: string;
  /** The dictated digits. */
  readonly digits: string;
}

interface Vocabulary {
  readonly meanings: readonly (readonly [Meaning, RegExp])[];
  readonly keys: readonly (readonly [RegExp, string])[];
  /** Digits as words; numerals are the same in every language. */
  readonly numbers: readonly string[];
}

const screen = '…';

/** The first meaning that fits. */
const vocabularies: Readonly<Record<'en' | 'de' | 'fr', Vocabulary>> = {
  en: {
    meanings: [
      ['if it is not me', /not you\b/i],
      ['if I am at the extension', /already, press/i],
      ['put through', /put it through to/i],
      ['to hear the code', /^to hear the code/i],
      ['to hear it again', /^to hear it again/i],
      ['the code', /^(your code is|once more)/i],
      ['if it is me', /^(if this is you|to sign in)/i],
      ['goodbye', /^goodbye/i],
    ],
    keys: [
      [/\b(?:pound|hash)\b/i, '#'],
      [/\bzero\b/i, '0'],
      [/\bstar\b/i, '*'],
      [/digits on your screen/i, screen],
    ],
    numbers: ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'],
  },
  de: {
    meanings: [
      ['if it is not me', /das nicht (sind|waren)/i],
      ['if I am at the extension', /Durchwahl schon haben/i],
      ['put through', /verbinden Sie mit/i],
      ['to hear the code', /^um den Code zu hören/i],
      ['to hear it again', /wieder zu hören/i],
      ['the code', /^(Ihr Code lautet|Noch einmal)/i],
      ['if it is me', /^(wenn Sie das sind|um sich)/i],
      ['goodbye', /^auf Wiederhören/i],
    ],
    keys: [
      [/\bRaute/i, '#'],
      [/\bNull\b/i, '0'],
      [/\bStern/i, '*'],
      [/Ziffern von Ihrem Bildschirm/i, screen],
    ],
    numbers: ['null', 'eins', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun'],
  },
  fr: {
    meanings: [
      ['if it is not me', /(n’est|n’était) pas vous/i],
      ['if I am at the extension', /déjà à ce poste/i],
      ['put through', /transférer au poste/i],
      ['to hear the code', /^pour entendre le code/i],
      ['to hear it again', /^pour l’entendre encore/i],
      ['the code', /^(votre code est|je répète)/i],
      ['if it is me', /^(si c’est vous|pour vous connecter)/i],
      ['goodbye', /^au revoir/i],
    ],
    keys: [
      [/dièse/i, '#'],
      [/zéro/i, '0'],
      [/étoile/i, '*'],
      [/chiffres affichés à l’écran/i, screen],
    ],
    numbers: ['zéro', 'un', 'deux', 'trois', 'quatre', 'cinq', 'six', 'sept', 'huit', 'neuf'],
  },
};

export type SpokenLanguage = keyof typeof vocabularies;
export const spokenLanguages: readonly SpokenLanguage[] = ['en', 'de', 'fr'];

/** The keys in a sentence, in the order of their names. */
const keysIn = (sentence: string, { keys }: Vocabulary): string =>
  keys
    .flatMap(([word, key]) => {
      const at = sentence.search(word);
      return at < 0 ? [] : [{ at, key }];
    })
    .toSorted((a, b) => a.at - b.at)
    .map(({ key }) => key)
    .join('');

const digitsIn = (sentence: string, { numbers }: Vocabulary): string =>
  [...sentence.toLowerCase().matchAll(/\p{L}+|\p{Nd}/gu)]
    .map(([word]) => (/^\d$/.test(word) ? word : String(numbers.indexOf(word))))
    .filter(digit => digit !== '-1')
    .join('');

/** Splits speech into sentences. A sentence begins with a capital letter, because dictated digits end in full stops too. */
export const understand = (said: string, tongue: SpokenLanguage): readonly Understood[] => {
  const language = vocabularies[tongue];
  return said.split(/(?<=[.!?])\s+(?=\p{Lu})/u).map(sentence => {
    const meaning = language.meanings.find(([, fits]) => fits.test(sentence))?.[0] ?? 'nothing';
    const isTold = meaning === 'the code' || meaning === 'put through';
    return { meaning, keys: keysIn(sentence, language), digits: isTold ? digitsIn(sentence, language) : '' };
  });
};

/** The keys to press, with the number from the page; undefined: the number is needed and not known. */
export const keysToPress = ({ keys }: Understood, shown: string | undefined): string | undefined =>
  keys.includes(screen) && shown === undefined ? undefined : keys.replace(screen, shown ?? '');
