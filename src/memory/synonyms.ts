import { WORLD_SYNONYM_GROUPS } from './world-synonyms.ts';

/** Words of everyday English that stand for one another, a line each. Narrower than the subjects of the thesaurus. */
const SYNONYMS = `
begin start commence launch
end finish conclude complete wrap
job work career profession occupation employment gig
buy purchase get acquire pick
child kid youngster
talk speak chat discuss conversation
say tell mention state
big large huge enormous massive
small little tiny
happy glad pleased delighted joyful thrilled stoked
sad unhappy upset down heartbroken
angry mad furious annoyed
afraid scared frightened terrified
nervous anxious worried stressed apprehensive
excited thrilled stoked pumped hyped eager
tired exhausted drained weary
difficult hard tough challenging rough
easy simple effortless
challenge obstacle difficulty hurdle struggle setback
help assist aid support
advice tip suggestion guidance recommend
suggest recommend propose advise
motivate inspire encourage drive push spur
encourage cheer root uplift
like enjoy love adore
favorite best top prefer beloved
hate dislike despise
near close nearby
friend buddy pal mate
dog puppy pup doggo
cat kitten kitty
rabbit bunny
mom mother mum
dad father
grandma grandmother granny
grandpa grandfather
spouse husband wife partner
relationship dating single married partner
wedding marry married
house home place
apartment flat
car vehicle ride
trip travel journey vacation getaway visit
visit go travel
city town place
country nation homeland
food meal dish
cook make prepare bake whip
recipe dish
delicious tasty yummy yum
dessert treat sweet
hungry starving
drink beverage
injured hurt injury wounded sprained
sick ill unwell
doctor physician checkup
health wellness
exercise workout fitness gym train
destress relax unwind calm
relax chill unwind rest
photo picture image pic snapshot
movie film flick
book novel read
author writer
story tale
song track tune
music song tunes
instrument play
band group
concert show gig performance
art artwork painting drawing
paint painting painted
picture painting
hobby pastime interest activity
game match play
tournament competition contest tourney championship
compete competition contest
win won victory champion first
lose lost defeat
award prize trophy medal
team squad crew
coach trainer mentor
money cash fund financial
money save budget
expensive pricey costly
cheap affordable
business company startup venture firm biz
shop store boutique
customer client
sell sale
promote advertise market marketing promotion
class course lesson workshop
school college university
study learn
teach instruct train
degree graduate diploma
teacher instructor professor
student pupil
test exam
volunteer charity help
donate give contribute donation
homeless shelter
organize arrange host hold plan
event party gathering function
celebrate celebration party
gift present
received got given
promise vow swear pledge
agree deal bargain
secret hidden
fight battle combat
kill slay murder
die pass death
funeral grave
build construct make create
create make design produce
fix repair mend restore
break damage destroy ruin
begin join enroll sign
join become member
quit leave resign
leave depart go
arrive come reach
return back
move relocate settle
live reside stay
born birth
adopt adoption
clothes clothing outfit apparel fashion
shoe sneaker boot
necklace pendant jewelry
symbolize represent mean stand symbol
mean represent signify
remember recall remind memory
remind reminder
forget forgot
think consider believe opinion
idea thought plan
goal aim objective dream target
plan intend going prepare
want wish hope would
hope wish dream
decide choose choice decision
try attempt experiment
succeed achieve accomplish success
improve better progress grow
change transform transition
important significant crucial key vital special
special meaningful sentimental
beautiful gorgeous pretty stunning lovely
amazing awesome incredible great fantastic wonderful
strange weird odd
different unique new
old ancient
new recent latest
recently lately just
currently now
often frequently usually regularly
sometimes occasionally
hike trek trail hiking
camp camping campfire
beach shore coast seaside
forest woods
mountain peak
ocean sea
plant flower garden
nature outdoors
storm thunderstorm
flood flooding
accident crash
scare frighten
surprise shock unexpected
proud pride
grateful thankful appreciate gratitude
kind nice sweet caring
brave courage strong
strength strong
trust believe faith
church religious faith
god pray
soldier military army
law policy government politics
job hire interview
boss manager
promotion promoted
write writing wrote
script screenplay
poem poetry
letter note
message text
phone call
computer laptop
app software
online internet web
video clip
account network
hair haircut
color colour
night evening
morning dawn
weekend saturday sunday
year annual
first initial
last final
sword blade
gold coin
king ruler monarch
wizard mage
inn tavern pub
cave tunnel passage
thief robber stealing
guard watchman
treasure loot
map chart
ship boat vessel
horse steed mount
road path street
monster beast creature
neighbour neighborhood area
community neighborhood
role part position
type kind sort genre
reason why because
effect impact influence
benefit advantage
collect collection
pet animal
sibling brother sister
parent mom dad
allergic allergy intolerant
diet eat
sing singing vocal
dance dancing dancer
swim swimming
run running jog race
bike cycling cycle
draw sketch
pottery clay ceramic
sunset sunrise
outdoor outside
indoors inside
peaceful calm serene tranquil
fun enjoyable blast
funny hilarious laugh
laugh giggle
cry tears
hug embrace
gather meet meetup
meet encounter
introduce introduction
share tell show
show display exhibit
exhibit museum gallery
attend go join participate
participate join take
host organize run
favor favour
buddy teammate
colleague coworker
mentor mentorship guide
apply application
accept accepted admit
reject rejection rejected decline
fear phobia
dream nightmare
sleep nap rest
wake awake
weather climate
`;

/** From a word to the others of its lines. */
export const SYNONYMS_OF: ReadonlyMap<string, readonly string[]> = synonymsByWord();

function synonymsByWord(): Map<string, string[]> {
  const synonyms = new Map<string, string[]>();
  for (const line of [...SYNONYMS.trim().split('\n'), ...WORLD_SYNONYM_GROUPS]) {
    const words = line.split(/\s+/u);
    for (const word of words)
      synonyms.set(word, [...(synonyms.get(word) ?? []), ...words.filter((other) => other !== word)]);
  }
  return synonyms;
}
