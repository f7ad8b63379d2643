/** What Discord takes, from its documents. Lengths are in UTF-16 units unless a name says otherwise. */
export const MAX_CONTENT_LENGTH = 2000;
/** All text of one message of components together. */
export const MAX_COMPONENT_TEXT_LENGTH = 4000;
/** Of one message, those inside others counted too. */
export const MAX_COMPONENTS = 40;
export const MAX_BUTTONS_PER_ROW = 5;
export const MAX_BUTTON_LABEL_LENGTH = 80;
export const MAX_CUSTOM_ID_LENGTH = 100;
export const MAX_MODAL_TITLE_LENGTH = 45;
export const MAX_LABEL_LENGTH = 45;
export const MAX_LABEL_DESCRIPTION_LENGTH = 100;
export const MAX_MODAL_FIELDS = 5;
export const MAX_TEXT_INPUT_LENGTH = 4000;
export const MAX_CHOICES = 25;
export const MAX_CHOICE_LENGTH = 100;
export const MAX_COMMAND_DESCRIPTION_LENGTH = 100;
export const MAX_OPTION_TEXT_LENGTH = 6000;
export const MAX_WEBHOOK_NAME_LENGTH = 80;
export const MAX_AVATAR_ADDRESS_LENGTH = 2048;
export const MAX_THREAD_NAME_LENGTH = 100;

/** An interaction's token lives 15 minutes; whatever might come later goes another way in time. */
export const TOKEN_LIFE_IN_MS = 14.5 * 60_000;
