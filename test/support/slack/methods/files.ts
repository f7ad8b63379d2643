import { SlackFault } from '../faults.ts';
import { type Method, needScope, required } from '../state.ts';

const filesInfo: Method = (call) => {
  needScope(call, 'files:read');
  const { files } = call.state;
  const file = files.byId(required(call, 'file'));
  if (file === undefined || !files.isVisible(file, call.team)) throw new SlackFault('file_not_found');
  if (file.isDeleted) throw new SlackFault('file_deleted');
  return { file: files.fields(file), comments: [], response_metadata: { next_cursor: '' } };
};

export const fileMethods: Readonly<Record<string, Method>> = { 'files.info': filesInfo };
