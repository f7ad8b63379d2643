import { adminConsolidate } from './admin-consolidate.ts';
import { adminMemory } from './admin-memory.ts';
import { adminStats } from './admin-stats.ts';
import { as } from './as.ts';
import { campaignCreate } from './campaign-create.ts';
import { campaignGmAdd, campaignGmRemove } from './campaign-gm.ts';
import { campaignGmRoom } from './campaign-gm-room.ts';
import { campaignImprov } from './campaign-improv.ts';
import { campaignProxies } from './campaign-proxies.ts';
import { campaignShow } from './campaign-show.ts';
import { campaignTime } from './campaign-time.ts';
import { campaignUse } from './campaign-use.ts';
import type { Command } from './command.ts';
import { help } from './help.ts';
import { loreAdd } from './lore-add.ts';
import { loreList } from './lore-list.ts';
import { loreRemove } from './lore-remove.ts';
import { loreSearch } from './lore-search.ts';
import { loreShow } from './lore-show.ts';
import { memoryAdd } from './memory-add.ts';
import { memoryEdit } from './memory-edit.ts';
import { memoryForget } from './memory-forget.ts';
import { memoryList } from './memory-list.ts';
import { memoryPin } from './memory-pin.ts';
import { memoryRecall } from './memory-recall.ts';
import { memoryShow } from './memory-show.ts';
import { memoryTimeline } from './memory-timeline.ts';
import { npcCast } from './npc-cast.ts';
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
import { say } from './say.ts';
import { scene } from './scene.ts';
import { stop } from './stop.ts';
import { waiting } from './waiting.ts';

/** All commands, in the order in which help shows them. */
export const COMMANDS: readonly Command[] = [
  npcGenerate,
  npcQuick,
  npcCreate,
  npcCast,
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
  as,
  say,
  scene,
  stop,
  retry,
  waiting,
  memoryRecall,
  memoryList,
  memoryShow,
  memoryTimeline,
  memoryAdd,
  memoryEdit,
  memoryForget,
  memoryPin,
  loreAdd,
  loreList,
  loreShow,
  loreSearch,
  loreRemove,
  roll,
  campaignShow,
  campaignCreate,
  campaignUse,
  campaignTime,
  campaignGmAdd,
  campaignGmRemove,
  campaignGmRoom,
  campaignProxies,
  campaignImprov,
  adminStats,
  adminMemory,
  adminConsolidate,
  help,
];
