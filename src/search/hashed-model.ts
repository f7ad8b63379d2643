/** The name of the embedded vectors, where others have that of their model. */
export const HASHED_MODEL = 'hashed';
