/** Irregular forms of everyday English, by the word they are forms of. */
const FORMS = `
arise arose arisen; awake awoke awoken; bear bore borne; beat beaten; become became; begin began begun; bend bent;
bet betted; bind bound; bite bit bitten; bleed bled; blow blew blown; break broke broken; breed bred; bring brought;
build built; burn burnt; buy bought; catch caught; choose chose chosen; cling clung; come came; creep crept;
deal dealt; dig dug; do did done does; draw drew drawn; dream dreamt; drink drank drunk; drive drove driven; eat ate eaten;
fall fell fallen; feed fed; feel felt; fight fought; find found; flee fled; fling flung; fly flew flown;
forbid forbade forbidden; forget forgot forgotten; forgive forgave forgiven; freeze froze frozen; get got gotten;
give gave given; go went gone goes; grind ground; grow grew grown; hang hung; have had has; hear heard; hide hid hidden;
hold held; keep kept; kneel knelt; know knew known; lay laid; lead led; lean leant; leap leapt; learn learnt;
leave left; lend lent; lie lain lying; light lit; lose lost; make made; mean meant; meet met; pay paid; prove proven;
ride rode ridden; ring rang rung; rise rose risen; run ran; say said; see saw seen; seek sought; sell sold;
send sent; sew sewn; shake shook shaken; shine shone; shoot shot; show shown; shrink shrank shrunk; sing sang sung; sink sank sunk;
sit sat; slay slew slain; sleep slept; slide slid; smell smelt; speak spoke spoken; spend spent; spill spilt; spin spun; spoil spoilt;
spring sprang sprung; stand stood; steal stole stolen; stick stuck; sting stung; strike struck stricken; strive strove striven;
swear swore sworn; sweep swept; swell swollen; swim swam swum; swing swung; take took taken; teach taught; tear tore torn;
tell told; think thought; throw threw thrown; understand understood; undergo underwent undergone; overcome overcame; wake woke woken;
wear wore worn; weave wove woven; weep wept; win won; wind wound; withdraw withdrew withdrawn; write wrote written;
child children kid kids; man men; woman women; person people; foot feet; tooth teeth; mouse mice; goose geese;
wife wives; life lives; knife knives; leaf leaves; wolf wolves; half halves; shelf shelves; thief thieves; loaf loaves; elf elves; dwarf dwarves;
good better best; bad worse worst; die dying dies died dead death; tie tying; marry marriage; choice choices; mom mum mommy mother mothers moms mama;
dad daddy father fathers dads papa; grandma grandmother granny; grandpa grandfather; bike bicycle; tv television; photo photograph pic picture photos pics pictures; vacation holiday;
movie film movies films; favourite favorite fave; colour color; theatre theater; travelling traveling; grey gray; honour honor; neighbour neighbor; armour armor; mum mom;
`;

/** From a form to the word that stands for all of them. */
export const IRREGULAR_FORMS: ReadonlyMap<string, string> = new Map(
  FORMS.split(';').flatMap((line) => {
    const [base = '', ...forms] = line.trim().split(/\s+/u);
    return forms.map((form): [string, string] => [form, base]);
  }),
);
