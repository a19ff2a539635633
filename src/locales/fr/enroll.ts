/** French words for setting up a method. */
import { ltr, name, strong, time } from '../phrase.ts';
import type { enroll as master } from '../en/enroll.ts';

export const enroll: typeof master = {
  stage: 'Configuration',
  progress: (at, of) => `Étape ${at} sur ${of}`,
  kinds: {
    push: {
      name: 'Sallyport Authenticator',
      sentence:
        'Votre téléphone vous demande, et vous saisissez un nombre à deux chiffres. Sans magasin d’applications.',
      ready: 'Votre authentificateur est prêt',
    },
    totp: {
      name: 'Application d’authentification',
      sentence: 'Une application de votre téléphone affiche six chiffres. Elle fonctionne sans réseau.',
      ready: 'Votre application est prête',
    },
    phone: {
      name: 'Numéro de téléphone',
      sentence: 'Nous vous appelons ou vous envoyons un code. Tout téléphone convient, même fixe.',
      ready: 'Votre téléphone est prêt',
    },
    passkey: {
      name: 'Clé d’accès',
      sentence:
        'Connectez-vous avec votre visage, votre doigt ou un code PIN. Votre téléphone, ordinateur ou clé de sécurité la garde.',
      ready: 'Votre clé d’accès est prête',
    },
    email: {
      name: 'Adresse e-mail',
      sentence: 'Nous envoyons un code à l’adresse e-mail de votre compte.',
      ready: 'Votre boîte est prête',
    },
  },
  choose: {
    first: {
      heading: 'Il nous manque une information',
      lead: client => [
        'Un mot de passe seul peut être volé. Choisissez comment confirmer aussi que c’est vous chez ',
        name(client),
        '. Cela prend environ deux minutes.',
      ],
    },
    backup: {
      heading: 'Ajoutez une méthode de secours',
      lead: client => [
        'Si votre téléphone ou ordinateur est perdu ou en panne, une seconde méthode vous ouvre quand même ',
        name(client),
        '. Elle doit fonctionner sans cet appareil.',
      ],
    },
    passkey: {
      heading: 'La prochaine fois, utilisez votre visage, votre doigt ou votre code PIN',
      lead: client => [
        'La prochaine fois, vous ne taperez chez ',
        name(client),
        ' ni mot de passe ni code. Votre téléphone, votre ordinateur ou votre clé de sécurité s’en chargera.',
      ],
    },
    authenticator: {
      heading: 'La prochaine fois, approuvez simplement sur votre téléphone',
      lead: client => [
        'Ni appel ni code à recopier\u202F: votre téléphone vous demande si c’est bien vous chez ',
        name(client),
        ', et vous saisissez le nombre affiché à l’écran. C’est gratuit et sans magasin d’applications.',
      ],
    },
    level: {
      heading: 'Il faut une méthode plus forte',
      lead: client => [name(client), ' demande plus que ce que vos méthodes prouvent. Choisissez-en une à ajouter.'],
    },
    more: {
      heading: 'Ajouter une méthode',
      lead: client => [
        'Choisissez comment confirmer aussi que c’est vous. Ensuite, vous revenez à ',
        name(client),
        '.',
      ],
    },
    otherApp: 'Autre application d’authentification',
    sharedPasskey:
      'Comme secours, gardez-la sur une clé de sécurité. Les clés d’accès que vos appareils partagent comptent comme une seule méthode.',
    skip: 'Pas maintenant',
    skipUntil: until => ['Vous pouvez remettre cela jusqu’au ', time(until, true), '.'],
  },
  barred: {
    heading: 'Demandez à votre assistance',
    sentence: client => [name(client), ' demande une méthode que vous ne pouvez pas ajouter ici vous-même.'],
    help: 'Votre assistance peut vous donner un code d’accès temporaire ou ajouter la méthode pour vous.',
    term: 'ajout non autorisé',
  },
  phone: {
    heading: 'Votre numéro de téléphone',
    lead: 'Nous le vérifions une fois maintenant, par appel ou SMS. Ensuite, il ne sert qu’à vos connexions.',
    country: 'Pays',
    noCountry: 'Choisissez un pays',
    number: 'Numéro de téléphone',
    numberHint: 'Comme on le compose dans ce pays, ou en commençant par +.',
    kind: 'De quel téléphone s’agit-il\u202F?',
    extension: 'Poste',
    extensionHint: 'Seulement pour un bureau, si le standard en demande un.',
    by: 'Comment le vérifier\u202F?',
    ways: {
      sms: 'M’envoyer un code par SMS',
      spoken: 'M’appeler et dire un code',
      call: 'M’appeler, j’appuie sur #',
    },
    errors: {
      'no-number': 'Saisissez votre numéro de téléphone.',
      'no-country': 'Choisissez le pays du numéro.',
      unreadable: 'Nous ne pouvons pas appeler ce numéro. Vérifiez le pays et chaque chiffre.',
      extension: 'Un poste n’a que des chiffres, dix au plus.',
      type: 'Ce numéro est surtaxé, ou personne n’y répond. Utilisez un mobile ou un fixe.',
      network: 'Nous n’appelons pas les téléphones satellites. Utilisez un mobile ou un fixe.',
      country:
        'Nous n’appelons pas ce pays et n’y envoyons pas de SMS. Utilisez un autre numéro, ou choisissez une autre méthode.',
      'no-texts': 'Les SMS n’arrivent pas à ce numéro. Choisissez plutôt un appel.',
      bound: 'Ce numéro est déjà sur votre compte. Utilisez-en un autre.',
    },
    terms: {
      'no-number': 'pas de numéro',
      'no-country': 'pas de pays',
      unreadable: 'pas un numéro',
      extension: 'pas un poste',
      type: 'type de numéro',
      network: 'numéro satellite',
      country: 'pays non autorisé',
      'no-texts': 'pas de SMS',
      bound: 'numéro déjà connu',
    },
  },
  scan: {
    heading: 'Configurez votre application',
    steps: [
      'Ouvrez votre application d’authentification. Si vous n’en avez pas, installez-en une depuis la boutique de votre téléphone.',
      'Dans l’application, choisissez «\u202F+\u202F» ou «\u202FAjouter un compte\u202F» et scannez cette image.',
      'Saisissez les six chiffres que l’application affiche.',
    ],
    picture: 'QR code pour votre application d’authentification',
    byHand: 'Vous ne pouvez pas scanner l’image\u202F?',
    byHandSentence: 'Dans l’application, choisissez de saisir une clé. Utilisez ceci\u202F:',
    key: 'Clé',
    account: 'Compte',
    anew: 'Recommencer avec une nouvelle image',
    ends: {
      attempts: 'Il y a eu trop de mauvais codes, cette image n’est donc plus valable.',
      expired: 'Cette image est restée ouverte trop longtemps, elle n’est donc plus valable.',
      lost: 'Cette image n’est plus valable.',
    },
    endedHeading: 'Recommençons avec une nouvelle image',
    endedAdvice: 'Supprimez d’abord l’entrée de votre application, si elle en a déjà une.',
  },
  call: {
    sentence: () => [
      'Répondez et appuyez sur la touche dièse ',
      strong('#'),
      '. Nous saurons alors que ce téléphone est le vôtre.',
    ],
    extensionSentence: extension => [
      'L’appel va au poste ',
      ltr(extension),
      '. Là, appuyez sur la touche dièse ',
      strong('#'),
      '. Nous saurons alors que ce téléphone est le vôtre.',
    ],
    passedHeading: 'Votre téléphone a répondu',
    passedSentence: 'Un instant, nous l’ajoutons à votre compte.',
  },
  again: {
    call: 'Rappeler',
    sms: 'Nouveau code par SMS',
    spoken: 'Rappeler avec un code',
    email: 'Nouveau code par e-mail',
  },
  instead: { call: 'Plutôt m’appeler', sms: 'Plutôt un code par SMS', spoken: 'Plutôt un code par appel' },
  otherNumber: 'Utiliser un autre numéro',
  otherMethod: 'Choisir une autre méthode',
  name: {
    lead: 'Donnez-lui un nom que vous reconnaîtrez.',
    label: 'Nom',
    hint: 'Par exemple «\u202FMon portable\u202F». Seuls vous et votre assistance le voyez.',
    error: 'Un nom a de 1 à 60 caractères.',
    term: 'nom trop long',
  },
  codes: {
    heading: 'Gardez vos codes de secours',
    lead: 'Sans votre téléphone, un de ces codes et votre mot de passe suffisent. Chacun sert une fois.',
    keep: 'Gardez-les sur papier ou dans un gestionnaire de mots de passe. Nous ne les montrons que maintenant.',
    list: 'Codes de secours',
    make: 'Afficher les codes',
    copy: 'Copier les codes',
    download: 'Télécharger les codes',
    saved: 'Je les ai gardés',
    error: 'Gardez les codes, puis cochez la case.',
    term: 'codes non gardés',
    file: service => `Codes de secours pour ${service}`,
    fileNote: 'Chaque code sert une fois, avec votre mot de passe. Gardez ce fichier pour vous.',
  },
};
