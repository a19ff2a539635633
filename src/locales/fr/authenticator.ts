/** French words of the authenticator: the web app that approves sign-ins and shows codes. */
import type { authenticator as master } from '../en/authenticator.ts';
import { ltr, name, strong } from '../phrase.ts';
import { attemptsLeft } from './counts.ts';
import { browserName } from './browsers.ts';

export const authenticator: typeof master = {
  name: 'Authenticator',
  fullName: 'Sallyport Authenticator',
  starting: 'Démarrage…',
  back: 'Retour',
  cancel: 'Annuler',
  done: 'Terminé',
  continue: 'Continuer',
  settings: 'Réglages',
  seconds: seconds => `${seconds} s`,

  home: {
    request: 'Demande de connexion',
    otherRequest: 'Demande',
    from: (client, seconds) => [name(client), `, il y a ${seconds} s`],
    accounts: 'Comptes',
    showCode: 'Voir le code',
    hideCode: 'Masquer le code',
    copy: 'Copier',
    add: 'Ajouter un compte',
    install: 'Installer l’application',
    offline: 'Vous êtes hors ligne. Vos codes fonctionnent quand même.',
    pairing: 'Pas encore terminé',
    removed: 'Ce téléphone a été supprimé de ce compte.',
    untrusted:
      'La signature du serveur ne correspond pas\u202F: ses demandes ne sont pas affichées. Prévenez votre assistance.',
    pairAgain: 'Associer de nouveau',
  },

  welcome: {
    heading: 'Ce téléphone approuve vos connexions',
    sentence:
      'Quand vous vous connectez sur un ordinateur, il demande si c’est bien vous. Il affiche aussi des codes, même hors ligne.',
  },

  browser: browserName,
  request: {
    headings: {
      'sign-in': 'Est-ce bien vous\u202F?',
      pairing: 'Dernière étape\u202F: essayez',
      approval: 'Êtes-vous d’accord\u202F?',
      caller: 'Êtes-vous au téléphone avec votre assistance\u202F?',
    },
    app: 'Application',
    account: 'Compte',
    where: 'Lieu',
    on: 'Depuis',
    near: place => ['Près de ', name(place)],
    message: 'Message',
    callerWarning:
      'Continuez seulement si c’est vous qui avez appelé. Quelqu’un vous a appelé\u202F? Alors choisissez «\u202FRefuser\u202F».',
    left: seconds => `encore ${seconds} s`,
    number: 'Nombre de la page de connexion',
    otherNumbers: {
      pairing: 'Nombre affiché par votre ordinateur',
      caller: 'Nombre que l’on vous dicte',
    },
    typed: (digits, of) => `${digits} chiffres saisis sur ${of}`,
    erase: 'Effacer le dernier chiffre',
    incomplete: digits => `Le nombre a ${digits} chiffres.`,
    verify: 'Approuver',
    deny: 'Refuser',
    notMe: 'Ce n’était pas moi',
    sending: 'Envoi…',
    unreachable: 'Pas de connexion. Votre réponse n’a pas été envoyée. Réessayez.',
    failed: 'Votre réponse n’a pas été acceptée. Réessayez.',
    notVerified: 'Votre téléphone n’a pas pu vérifier que c’est vous. Réessayez.',
    wrongCode: 'Le code de votre téléphone était inexact. Attendez une demi-minute, puis réessayez.',
  },

  pin: {
    heading: 'Saisissez votre code PIN',
    label: 'Code PIN',
    sentence: 'Celui que vous avez choisi pour ce compte.',
    wrong: left => `Ce code PIN est inexact\u202F: ${attemptsLeft(left)}.`,
    chooseHeading: 'Choisissez un code PIN',
    chooseSentence: 'Votre organisation veut un code PIN à chaque approbation. Il ne sert que dans cette application.',
    newLabel: 'Nouveau code PIN',
    repeatLabel: 'Le même code PIN encore une fois',
    length: (fewest, most) => `De ${fewest} à ${most} chiffres.`,
    invalid: (fewest, most) => `Un code PIN a de ${fewest} à ${most} chiffres.`,
    different: 'Les deux ne sont pas identiques.',
  },

  report: {
    heading: 'Signaler cette connexion\u202F?',
    sentence: 'Quelqu’un connaît peut-être votre mot de passe. Si vous la signalez\u202F:',
    effects: {
      stop: 'la connexion est arrêtée',
      pause: 'vous ne recevez ni appel ni demande pendant un certain temps',
      tell: 'vos administrateurs sont prévenus',
    },
    submit: 'Oui, signaler',
    keep: 'Revenir à la demande',
  },

  ended: {
    approved: {
      heading: 'Approuvé',
      sentence: 'La connexion se poursuit toute seule. Vous pouvez fermer cette application.',
      other: 'Votre accord a été envoyé. Vous pouvez fermer cette application.',
    },
    declined: {
      heading: 'Refusé',
      sentence: 'Personne n’a été connecté. Si cette connexion ne vient pas de vous, changez votre mot de passe.',
      other: 'Rien n’a été approuvé.',
    },
    reported: {
      heading: 'Signalé et arrêté',
      sentence:
        'Merci. Personne n’a été connecté, et vos administrateurs sont prévenus. Changez maintenant votre mot de passe.',
    },
    'wrong-number': {
      heading: 'Ce n’était pas le bon nombre',
      sentence: 'Nous avons donc tout arrêté, par sécurité. Recommencez, et saisissez le nombre que vous verrez alors.',
    },
    bound: {
      heading: 'Ce téléphone était déjà associé',
      sentence: 'Rien n’a été ajouté. Recommencez sur la page, et saisissez ici le nouveau code.',
    },
    expired: { heading: 'Trop tard', sentence: 'Personne n’a répondu à temps. Rien n’a été approuvé.' },
    over: {
      heading: 'Déjà terminé',
      sentence: 'La demande a reçu une réponse ou a été arrêtée ailleurs. Il n’y a rien à faire ici.',
    },
    locked: {
      heading: 'Trop de codes PIN inexacts',
      sentence: 'Ce téléphone ne peut plus rien approuver. Associez-le de nouveau sur votre page de sécurité.',
    },
    removed: {
      heading: 'Ce téléphone n’est plus associé',
      sentence: 'Il a été supprimé sur votre page de sécurité. Associez-le de nouveau si vous l’utilisez encore.',
    },
  },

  add: {
    heading: 'Ajouter un compte',
    sentence:
      'Sur votre ordinateur, ouvrez votre page de sécurité et choisissez «\u202FAjouter une méthode\u202F». Elle affiche un code QR et un code court.',
    scan: 'Scanner le code QR',
    or: 'ou saisissez le code court',
    code: 'Code court',
    hint: 'Par exemple ABCD-1234',
    device: 'Nom de ce téléphone',
    deviceHint: 'Vous le verrez sur votre page de sécurité.',
    submit: 'Continuer',
    incomplete: 'Un code comporte 8 lettres et chiffres.',
    noName: 'Donnez un nom à ce téléphone.',
    otherCodes: 'Codes d’un autre site',
  },

  scan: {
    heading: 'Scannez le code QR',
    sentence: 'Dirigez l’appareil photo vers le code QR.',
    starting: 'Ouverture de l’appareil photo…',
    type: 'Saisir plutôt le code',
    problems: {
      'no-camera': 'Aucun appareil photo trouvé. Saisissez plutôt le code.',
      refused:
        'Cette application n’a pas accès à l’appareil photo. Autorisez-la dans les réglages de votre navigateur, ou saisissez le code.',
      foreign: 'Ce code QR sert à autre chose.',
      elsewhere:
        'Ce code QR appartient à une autre organisation. Ouvrez l’authentificateur de celle-ci, et scannez-le là-bas.',
      'unsupported-codes': 'Cette application ne sait pas afficher ce genre de codes.',
    },
  },

  pairing: {
    heading: 'Associer ce téléphone\u202F?',
    warning:
      'Continuez seulement si vous l’avez demandé vous-même. Quelqu’un vous a envoyé le lien ou le code\u202F? Alors annulez.',
    notifications: {
      heading: 'Pouvons-nous vous prévenir\u202F?',
      sentence:
        'Une demande sonne alors sur ce téléphone, même si l’application est fermée. Rien d’autre n’est envoyé.',
      allow: 'Autoriser les notifications',
      skip: 'Pas maintenant',
    },
    claiming: 'Association…',
    compare: {
      heading: 'L’autre page affiche-t-elle ce nombre\u202F?',
      sentence: 'Si oui, choisissez-y «\u202FOui, l’associer\u202F». Sinon, annulez ici.',
      digits: 'Nombre',
      waiting: 'En attente de «\u202FOui, l’associer\u202F»',
      minutesLeft: minutes => `encore ${minutes} min`,
    },
    done: {
      heading: 'Ce téléphone est associé',
      sentence: account => ['Il approuve maintenant les connexions de ', strong(account), '.'],
      backup: 'Un téléphone peut se perdre. Ajoutez maintenant une deuxième méthode sur votre ordinateur.',
      closed: 'Ce téléphone ne sonne pas encore. Ouvrez cette application quand vous vous connectez.',
    },
    failed: {
      heading: 'Non associé',
      reasons: {
        'wrong-code': 'Ce code est inexact ou trop ancien. Vérifiez sur votre ordinateur.',
        expired:
          'Ce code QR est trop ancien ou a déjà servi. Choisissez «\u202FRecommencer avec un nouveau code\u202F» sur votre ordinateur.',
        refused: 'La page de votre ordinateur a dit non, ou a recommencé. Rien n’a été associé.',
        later: 'Trop de codes inexacts ont été saisis d’ici. Attendez dix minutes.',
        elsewhere: 'Ce code appartient à une autre organisation. Ouvrez l’authentificateur de celle-ci.',
        unreachable: 'Pas de connexion. Vérifiez-la, puis réessayez.',
        failed: 'Cela n’a pas marché. Réessayez.',
      },
      again: 'Réessayer',
    },
  },

  codes: {
    heading: 'Codes d’un autre site',
    sentence:
      'Là où ce site configure une «\u202Fapplication d’authentification\u202F», scannez son code QR ou saisissez sa clé.',
    readHeading: 'Garder ces codes\u202F?',
    issuer: 'Site',
    account: 'Compte',
    secret: 'Clé',
    secretHint: 'Lettres et chiffres, les espaces ne comptent pas.',
    submit: 'Garder',
    noIssuer: 'Saisissez le nom du site.',
    problems: {
      secret: 'Ce n’est pas une clé. Elle contient les lettres A à Z et les chiffres 2 à 7.',
      'kept-already': 'Vous avez déjà ces codes.',
    },
  },

  history: {
    heading: 'Historique',
    none: 'Pas encore de demande.',
    results: {
      approved: 'Approuvé',
      declined: 'Refusé',
      reported: 'Signalé',
      'wrong-number': 'Nombre inexact',
      bound: 'Déjà associé',
      expired: 'Sans réponse',
      over: 'Terminé ailleurs',
      locked: 'Code PIN inexact',
      removed: 'Plus associé',
    },
    purposes: {
      'sign-in': 'Connexion',
      pairing: 'Association de ce téléphone',
      approval: 'Accord',
      caller: 'Appel avec l’assistance',
    },
  },

  notifications: {
    heading: 'Notifications',
    states: {
      checking: 'Vérification…',
      works: 'Les demandes arrivent sur ce téléphone.',
      ask: 'Ce téléphone ne sonne pas encore.',
      blocked:
        'Les notifications de cette application sont bloquées, donc rien ne sonne. Ouvrez l’application pour voir les demandes.',
      unsupported:
        'Ce navigateur ne peut pas vous prévenir. Ouvrez l’application quand vous vous connectez\u202F: les demandes y attendent.',
      failed:
        'Ce navigateur n’a pas pu joindre son service de notifications. Ouvrez l’application quand vous vous connectez.',
      gone: 'Les dernières demandes ne sont pas arrivées sur ce téléphone. Activez encore une fois les notifications.',
    },
    unblock:
      'Pour les autoriser\u202F: ouvrez les réglages de votre téléphone ou navigateur, cherchez cette application, et activez les notifications.',
    turnOn: 'Activer',
    test: 'Envoyer un test',
    tests: {
      sending: 'Envoi d’un test…',
      sent: 'Envoyé. Il devrait arriver dans un instant.',
      arrived: 'Le test est arrivé.',
      missing: 'Le test n’est pas arrivé. Votre téléphone est-il en mode silencieux ou en économie d’énergie\u202F?',
      later: 'Cela fait beaucoup de tests. Réessayez dans dix minutes.',
      unreachable: 'Pas de connexion. Le test n’a pas été envoyé.',
    },
  },

  settingsPage: {
    language: 'Langue',
    history: 'Historique',
    about:
      'Les clés et les codes ne quittent jamais ce téléphone. L’application parle à un seul serveur\u202F: celui de votre organisation.',
  },

  entry: {
    device: 'Ce téléphone',
    save: 'Enregistrer',
    remove: 'Retirer de ce téléphone',
  },

  remove: {
    heading: entry => ['Retirer ', name(entry), '\u202F?'],
    account: 'Ce téléphone n’approuve alors plus de connexion de ce compte, et ses codes disparaissent.',
    another: 'Avez-vous un autre moyen de vous connecter\u202F? Vérifiez d’abord sur votre page de sécurité.',
    codes: 'Ses codes disparaissent pour de bon. Désactivez d’abord la deuxième étape sur ce site.',
    offline: 'Vous êtes hors ligne. Supprimez ce téléphone aussi sur votre page de sécurité.',
    submit: 'Retirer',
    removing: 'Retrait…',
    keep: 'Garder',
  },

  toasts: {
    copied: 'Copié',
    'not-copied': 'Votre navigateur n’a pas permis de copier.',
    added: 'Ajouté',
    removed: 'Retiré',
    'notifications-on': 'Les notifications sont activées',
  },

  obstacles: {
    insecure: {
      heading: 'Cette adresse n’est pas sûre',
      sentence: 'L’authentificateur fonctionne seulement en https. Demandez la bonne adresse à votre assistance.',
    },
    old: {
      heading: 'Ce navigateur est trop ancien',
      sentence: 'Mettez-le à jour, ou ouvrez cette page dans un autre navigateur.',
    },
    storage: {
      heading: 'Ce navigateur ne garde rien',
      sentence: 'Une fenêtre privée oublie tout quand vous la fermez. Ouvrez cette page dans une fenêtre ordinaire.',
    },
    'home-screen': {
      heading: 'Ajoutez-le d’abord à l’écran d’accueil',
      sentence: 'Sur iPhone et iPad, l’authentificateur fonctionne seulement à partir de là.',
    },
  },

  homeScreen: {
    share: () => ['Touchez le bouton ', strong('Partager'), ' de Safari.'],
    add: () => ['Choisissez ', strong('Sur l’écran d’accueil'), ', puis ', strong('Ajouter'), '.'],
    open: () => ['Ouvrez ', strong('Authenticator'), ' sur votre écran d’accueil.'],
    code: () => [
      'Scannez-y encore une fois le code QR, ou saisissez le code court affiché dessous\u202F: ',
      ltr('ABCD-1234'),
      '.',
    ],
  },
};
