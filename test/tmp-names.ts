import { openTable } from './support/table.ts';
const t = await openTable();
for (let i=0;i<2000;i++) await t.addNpc('Person '+i,{aliases:['A'+i,'B'],description:'x'.repeat(3000)});
const all:number[]=[];
for (let i=0;i<60;i++){const s=performance.now();await t.campaign.npcs.names();all.push(performance.now()-s);}
all.sort((a,b)=>a-b);console.log('min',all[0],'p50',all[30],'p95',all[57]);
await t.close();
