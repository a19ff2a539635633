/** French words for the help page. */
import type { help as master } from '../en/help.ts';

export const help: typeof master = {
  heading: 'Aide à la connexion',
  nothingLeft: 'Il vous faut de l’aide pour vous connecter',
  sentence: 'Que se passe-t-il\u202F?',
  nothingLeftSentence:
    'Votre assistance peut vous donner accès. Indiquez-lui cette référence\u202F; elle la mène à cette connexion.',
  back: 'Retour à la connexion',
  desk: 'Votre assistance',
  deskDefault:
    'Adressez-vous aux personnes qui vous ont donné ce compte. Indiquez-leur la référence ci-dessous\u202F; ne donnez jamais votre mot de passe ni un code.',
  reset: 'Choisir un nouveau mot de passe par un lien dans un e-mail',
  topics: [
    {
      id: 'no-phone',
      question: 'Je n’ai pas mon téléphone',
      steps: [
        'Choisissez «\u202FUtiliser une autre méthode\u202F»\u202F: toutes celles de la liste conviennent, sur tout appareil.',
        'Pas d’autre méthode\u202F? Demandez à votre assistance un accès pour aujourd’hui. Votre téléphone reste sur votre compte.',
      ],
    },
    {
      id: 'lost-phone',
      question: 'J’ai perdu mon téléphone',
      steps: [
        'Prévenez tout de suite votre assistance\u202F: elle retire le téléphone de votre compte, pour que personne ne s’en serve pour se connecter.',
        'Vous avez un code de secours\u202F? Il vous connecte sans téléphone et met fin à vos autres sessions.',
        'Demandez à votre opérateur de bloquer la carte SIM.',
        'En attendant, connectez-vous avec une autre méthode, et changez votre mot de passe si le téléphone n’était pas verrouillé.',
      ],
    },
    {
      id: 'nothing-arrives',
      question: 'Le code ou l’appel n’arrive pas',
      steps: [
        'Vérifiez que le téléphone est allumé, a du réseau et ne coupe pas le son des numéros inconnus.',
        'Comparez les deux derniers chiffres du numéro affiché avec les vôtres.',
        'Pas de SMS\u202F? Choisissez «\u202FVous n’avez pas reçu de SMS\u202F?\u202F»\u202F: le même code est envoyé encore une fois.',
        'Attendez une minute, puis choisissez «\u202FRappeler\u202F». Si un code de votre application est refusé, réglez l’heure du téléphone sur automatique.',
        'Toujours rien\u202F? Utilisez une autre méthode.',
      ],
    },
    {
      id: 'new-number',
      question: 'J’ai un nouveau numéro',
      steps: [
        'Pouvez-vous vous connecter avec une autre méthode\u202F? Ajoutez alors le nouveau numéro sur votre page de sécurité, et supprimez-y l’ancien.',
        'Pas d’autre méthode\u202F? Demandez à votre assistance de remplacer le numéro. Elle vous rappellera à un numéro connu.',
      ],
    },
    {
      id: 'authenticator',
      question: 'Mon authentificateur n’affiche aucune demande',
      steps: [
        'Ouvrez l’authentificateur sur votre téléphone\u202F: une demande y attend, avec ou sans notification.',
        'Plus de notifications depuis quelque temps\u202F? Dans ses réglages, choisissez «\u202FEnvoyer un test\u202F», et suivez les indications.',
        'Nouveau téléphone, ou données du navigateur effacées\u202F? Connectez-vous avec une autre méthode. Associez ensuite le téléphone sur votre page de sécurité.',
      ],
    },
    {
      id: 'passkey',
      question: 'Ma clé d’accès ne fonctionne pas',
      steps: [
        'Sur un autre ordinateur, choisissez «\u202Fun autre appareil\u202F», et scannez l’image avec le téléphone qui a votre clé d’accès.',
        'Téléphone ou clé de sécurité perdu\u202F? Connectez-vous avec une autre méthode ou un code de secours. Supprimez ensuite la clé d’accès sur votre page de sécurité.',
        'Refusée\u202F? Elle appartient peut-être à un autre compte, ou a été supprimée du vôtre. Connectez-vous avec une autre méthode, et configurez-en une nouvelle.',
        'Il ne se passe rien\u202F? Déverrouillez votre téléphone, activez le Bluetooth sur les deux appareils, et réessayez.',
      ],
    },
    {
      id: 'password',
      question: 'J’ai oublié mon mot de passe',
      steps: ['Demandez-en un nouveau à votre assistance. Votre deuxième étape ne change pas.'],
    },
  ],
};
