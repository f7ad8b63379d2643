import type { Finding } from './finding.ts';

/** What the folder of personas gave. */
export interface PersonaList {
  readonly personas: readonly unknown[];
  readonly faults: readonly { readonly file: string; readonly line: number; readonly reason: string }[];
}

const FAULTS_SHOWN = 10;

/** How many personas load, and for each that does not the file, the line and the reason. */
export async function checkPersonas(list: () => Promise<PersonaList>): Promise<readonly Finding[]> {
  const subject = 'Personas';
  const { personas, faults } = await list();
  const count = `${personas.length} ${personas.length === 1 ? 'persona loads' : 'personas load'} from personas/`;
  const broken = faults.slice(0, FAULTS_SHOWN).map(
    ({ file, line, reason }): Finding => ({
      state: 'warning',
      subject: `Persona ${file}, line ${line}`,
      what: reason.replace(/\.$/, ''),
      remedy: 'Correct the file: it is read again on its next use',
    }),
  );
  const rest = faults.length - broken.length;
  return [
    personas.length === 0
      ? { state: 'warning', subject, what: count, remedy: 'Restore that folder to have the cast that ships' }
      : { state: 'ok', subject, what: count },
    ...broken,
    ...(rest === 0
      ? []
      : [{ state: 'warning', subject, what: `${rest} more faults in their files` } as const]),
  ];
}
