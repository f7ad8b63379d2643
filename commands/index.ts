import { adminStats } from './admin-stats.ts';
import { campaignCreate } from './campaign-create.ts';
import { campaignImprov } from './campaign-improv.ts';
import { campaignShow } from './campaign-show.ts';
import { campaignUse } from './campaign-use.ts';
import type { Command } from './command.ts';
import { help } from './help.ts';
import { memoryRecall } from './memory-recall.ts';
import { npcCreate } from './npc-create.ts';
import { npcDiscard } from './npc-discard.ts';
import { npcDismiss } from './npc-dismiss.ts';
import { npcEdit } from './npc-edit.ts';
import { npcGenerate } from './npc-generate.ts';
import { npcHistory } from './npc-history.ts';
import { npcKeep } from './npc-keep.ts';
import { npcList } from './npc-list.ts';
import { npcLock } from './npc-lock.ts';
import { npcQuick } from './npc-quick.ts';
import { npcReroll } from './npc-reroll.ts';
import { npcRestore } from './npc-restore.ts';
import { npcShow } from './npc-show.ts';
import { npcTalk } from './npc-talk.ts';
import { retry } from './retry.ts';
import { roll } from './roll.ts';
import { scene } from './scene.ts';
import { stop } from './stop.ts';

/** All commands, in the order in which help shows them. */
export const COMMANDS: readonly Command[] = [
  npcGenerate,
  npcQuick,
  npcCreate,
  npcTalk,
  npcDismiss,
  npcList,
  npcShow,
  npcKeep,
  npcReroll,
  npcLock,
  npcEdit,
  npcDiscard,
  npcHistory,
  npcRestore,
  scene,
  stop,
  retry,
  memoryRecall,
  roll,
  campaignShow,
  campaignCreate,
  campaignUse,
  campaignImprov,
  adminStats,
  help,
];
