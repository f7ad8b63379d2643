/**
 * Everyday English by subject, so that "What pets has she?" finds the cat. One subject a line; a word may stand in several.
 * General knowledge of the language, made for no table and for no measurement.
 */
const SUBJECTS = `
pet animal dog puppy pup cat kitten kitty hamster rabbit bunny parrot bird fish turtle tortoise snake lizard horse pony breed vet leash
livestock farm cow sheep goat pig chicken hen rooster donkey mule herd flock shepherd stable barn
beast wolf bear fox deer elk boar lion tiger leopard elephant monkey ape whale dolphin shark eagle hawk owl raven crow
insect bug bee butterfly spider ant beetle moth
family mom dad parent brother sister sibling son daughter child baby toddler aunt uncle cousin nephew niece grandma grandpa grandparent relative husband wife spouse twin
child kid son daughter toddler baby teen youth boy girl
relationship partner boyfriend girlfriend husband wife spouse single marry engage divorce breakup date fiance romantic love couple
wedding bride groom marry ceremony engage ring honeymoon vow
friend buddy pal mate companion friendship ally acquaintance
enemy foe rival opponent villain adversary nemesis
job work career profession occupation employ employer hire boss colleague coworker office position role promote internship interview salary company quit resign retire
business company startup shop store firm entrepreneur venture customer client investor brand market sell launch profit
money cash pay income salary fund finance budget loan debt bank invest save donate coin gold silver price cost expensive cheap afford fee
trade buy sell purchase merchant bargain deal shop order barter
school class course college university student teacher study degree lesson exam education graduate learn professor lecture homework semester campus academy
degree graduate diploma certificate major thesis bachelor master doctorate
skill talent ability hobby practice learn master
hobby interest activity pastime leisure free passion enjoy collect craft
collect collection collector assemble gather
sport game team football soccer basketball baseball tennis golf hockey volleyball swim run race gym league tournament match coach player champion athlete score
exercise workout gym yoga run jog fitness train hike bike swim weight stretch marathon cardio
fight martial box boxing karate judo kickbox taekwondo wrestle duel combat spar
game play video console board card chess puzzle dice gamble player tournament
music song sing band concert guitar piano violin drum flute clarinet saxophone trumpet cello ukulele bass melody album singer musician tune lyric perform jazz rock classical pop rap
instrument guitar piano violin drum flute clarinet saxophone trumpet cello ukulele bass harp lute fiddle organ keyboard
dance dancer ballet salsa tango contemporary choreography waltz stage performance
art paint painting draw drawing sketch sculpture pottery canvas gallery artist exhibit museum portrait mural brush photograph creative design
craft pottery knit sew crochet woodwork carpentry clay carve weave build make handmade
book novel read story author write writer poem poetry fiction fantasy literature series chapter library publish script screenplay journal diary blog
movie cinema watch director actor actress scene trilogy series television show episode screenplay documentary comedy drama thriller genre theatre
genre fantasy mystery romance thriller horror comedy drama action adventure scifi history biography
food eat meal dish cook recipe dinner lunch breakfast supper snack restaurant chef kitchen cuisine bake taste flavor delicious diet hungry feast ingredient
dish pasta pizza soup salad stew sandwich burger steak curry rice noodle taco sushi roast chicken salmon lasagna
dessert cake cookie pie icecream chocolate candy pastry muffin cupcake brownie pudding sweet sugar bake
fruit apple orange banana berry strawberry blueberry raspberry grape lemon peach cherry mango coconut
vegetable carrot potato tomato onion spinach lettuce pepper bean pea cabbage mushroom garlic
drink beer wine ale mead coffee tea juice water milk soda cocktail whiskey bottle cup tavern pub bar
allergy allergic intolerant intolerance reaction gluten dairy lactose nut
health doctor hospital sick ill illness disease injury hurt pain medicine medical surgery nurse diagnose symptom treatment recover heal clinic condition wound checkup
injury hurt wound break sprain twist ankle knee bruise scar bleed fracture
mental stress anxiety anxious depress therapy therapist counsel counselor counseling overwhelm burnout cope calm relax meditate mindfulness
stress destress relax unwind calm soothe rest escape tension pressure
sleep dream bed nap tired exhausted insomnia rest night wake nightmare
travel trip journey vacation visit tour flight fly road tourist explore abroad adventure destination hotel airport passport cruise getaway backpack
place city town village country state region area location neighborhood street abroad
country america usa england uk britain france spain italy germany ireland scotland japan china india canada mexico australia brazil sweden norway greece turkey thailand europe asia africa
city london paris rome tokyo york chicago boston seattle barcelona madrid berlin vienna dublin edinburgh sydney toronto miami
nature outdoors forest wood tree mountain hill river lake ocean sea beach waterfall park trail sunset sunrise camp hike wild garden scenery landscape
camp tent campfire hike trail marshmallow wild outdoors
water lake river sea ocean beach swim surf boat sail kayak canoe wave shore pier fish dive
boat ship sail canoe kayak ferry yacht vessel captain crew harbor port sailor
garden plant flower tree seed grow soil rose tulip sunflower daisy bloom vegetable
weather rain snow storm sun sunny wind cold hot warm cloud thunder fog flood hurricane
season summer winter spring autumn fall
home house apartment room kitchen bedroom move rent mortgage roof door window furniture decorate renovate neighbor live reside roommate residence
furniture chair table couch sofa bed desk lamp shelf bookcase rug chandelier
vehicle car truck bike motorcycle bus train drive ride van wagon cart engine repair mechanic garage
car drive vehicle engine garage mechanic truck road license
clothes clothing wear dress shirt hoodie jacket coat shoe sneaker boot hat cap fashion outfit style jersey scarf glove costume necklace
jewelry necklace ring bracelet pendant earring gem diamond tattoo symbol
gift present surprise souvenir receive give
celebrate celebration party birthday anniversary holiday christmas thanksgiving halloween easter festival parade wedding toast
event festival fair parade conference convention workshop concert show gala ceremony gathering meetup exhibit seminar
award prize win medal trophy honor recognition champion certificate achievement scholarship
achieve achievement accomplish success succeed proud goal milestone win
goal plan dream aim hope aspire ambition want wish future intend resolution
plan intend prepare schedule arrange upcoming going
problem challenge difficult struggle hard trouble obstacle setback issue tough fail failure mistake hurdle
fear afraid scared scare terrify fright worry nervous anxious phobia dread
feel feeling emotion mood happy sad angry proud grateful excited nervous relieved scared lonely joy upset frustrated overwhelmed thrilled
happy joy glad delight cheerful fun smile laugh thrill pleasure
sad cry grief mourn lonely heartbroken upset grieve tear loss
angry anger mad furious rage annoy frustrate upset
grateful thank thankful appreciate gratitude bless
love adore care like enjoy fond favorite prefer
like enjoy love favorite prefer fan
hate dislike despise loathe detest
support help encourage assist aid motivate inspire guide mentor advise advice back
advice suggest recommend tip advise recommendation suggestion guidance
volunteer charity donate community shelter homeless fundraiser nonprofit organization cause campaign outreach service
charity donate fundraise donation raise cause foundation
religion church faith god pray prayer temple priest spiritual bible believe worship mosque synagogue cleric monk altar holy
politics government election vote campaign office policy mayor law president council senator politician
law lawyer court judge crime police arrest prison jail guilty trial justice guard sheriff thief steal
military army soldier war veteran battle navy general troop serve enlist
accident crash collide fire emergency disaster flood earthquake rescue
death funeral grave bury kill murder loss mourn ghost pass
birth born pregnant pregnancy baby deliver
adopt adoption foster agency orphan parent
age old young year birthday born
origin home country native born hometown root heritage culture ethnic ancestor immigrant move
identity gender transgender gay lesbian lgbtq queer pride trans transition orientation
technology computer phone laptop software app code program website internet online robot engineer developer device camera
computer laptop software code program developer engineer tech hardware app
social media network post blog video channel follower content vlog
photograph camera photographer shoot shot image snap
science research scientist experiment lab theory physics chemistry biology discover study astronomy
space star planet moon sky telescope galaxy meteor astronomy
build construct repair fix renovate make create restore design
create make build design produce invent develop compose
start begin launch open commence found initiate
end finish complete stop quit conclude
meet encounter introduce reunite
talk speak chat discuss conversation tell say mention call
communicate call phone text letter email message note
visit go travel attend stop see
attend join participate go sign enroll register
move relocate transfer settle leave
teach instruct train educate coach mentor tutor lesson
lose lost miss missing disappear vanish
find discover uncover locate spot notice
get receive obtain acquire buy win
give offer donate present provide hand share
help assist aid support save rescue
improve better grow progress develop enhance upgrade
change transform alter shift different transition
memory remember recall remind reminder nostalgia past childhood
symbol symbolize represent meaning mean stand sign reminder
important significant special meaningful matter precious value
beautiful pretty gorgeous stunning lovely amazing breathtaking
personality trait kind brave honest shy patient loyal generous attribute quality character thoughtful
appearance hair eye tall short beard dye color face look
color red blue green yellow purple pink black white orange brown gray
time hour minute day week month year often daily weekly routine schedule morning evening night
morning dawn breakfast early sunrise
night evening dark midnight dusk late
brand company sponsor endorse endorsement deal
weapon sword blade dagger knife axe bow arrow spear hammer shield gun pistol rifle armor
magic spell wizard witch mage sorcerer curse potion ritual enchant rune charm scroll
monster dragon goblin orc troll giant demon undead vampire zombie ghoul beast
noble king queen prince princess lord lady duke baron crown throne royal castle court knight
castle tower fortress keep wall gate dungeon palace ruin
tavern inn innkeeper bar pub ale drink brewer
treasure gold gem chest loot jewel coin hoard vault
secret hide hidden whisper conceal mystery betray lie spy
promise swear vow oath bargain deal pact agree agreement word
threat threaten warn danger risk attack
tunnel cave mine passage underground cellar cavern dungeon
road path bridge route street trail gate
map route compass direction north south east west navigate
concert gig festival show perform tour band
read reading book novel magazine newspaper
write writing author novel script essay article blog poem
cook bake recipe kitchen grill roast chef
clean wash tidy laundry chore
wealth rich poor poverty wealthy status
diet weight eat healthy exercise nutrition sugar vegetarian vegan
allergy allergic eat food honey nut walnut egg milk shellfish fish cake swell throat rash choke deadly
smith blacksmith forge anvil hammer steel iron metal blade sword helmet armor coal tongs nail chain horseshoe mend spark furnace bellows
fire burn flame blaze smoke ash soot bucket torch oil ember arson char scorch
murder kill stab body victim witness suspect guilty culprit blood assassin killer arrest hang strangle
enter slip sneak climb gate postern wall unbar unlock rope ladder window sewer drain inside disguise smuggle
army siege soldier spear archer catapult attack raid fleet galley banner scout retreat surrender truce regiment company
king queen regent heir throne crown coronation palace court duke baron count royal herald dynasty
fever poison herb root boil cure remedy wound bandage healer vinegar draught plague antidote medicine sick
dead undead ghost drown grave crypt bone haunt rise walk spirit necromancer skeleton corpse tomb
moon star eclipse sky tide omen comet swallow prophecy
debt owe lend borrow lender moneylender note interest pawn pay creditor gamble
track trail hoof footprint rider horse scout hunt follow path mud
spy traitor informer mole report betray turncoat watch listen rat leak
feast dance mask music wine goblet ball guest minstrel masquerade toast
shelter hide refuge lodge room bed roof safe guest cellar
hunger starve famine flour bread grain food winter harvest ration
truth lie confess admit honest secret swear oath deceive false
robbery steal theft thief rob loot lift pocket purse lockpick burgle
reward bounty gold silver coin crown mark piece purse price hire pay
ring seal signet crest token proof badge sign
dragon scale hoard lair wyrm fire wing claw
sail ship boat ferry river drown swim oar landing keel wave current storm
child son daughter orphan heir baby boy girl cradle
haircut hair beard face scar hood cloak tall limp tattoo eye mark
help aid side ally trust join loyal
escape flee run ride hide gallop horse chase pursue
tavern ale stew cook innkeeper barrel keg hearth mug
gate open key door lock bar bolt unlock
prison dungeon jail cell chain captive prisoner shackle ransom hostage
`;

/** From a word to the subjects that it belongs to. */
export const SUBJECTS_OF: ReadonlyMap<string, readonly number[]> = subjectsByWord();

function subjectsByWord(): Map<string, number[]> {
  const subjects = new Map<string, number[]>();
  for (const [subject, line] of SUBJECTS.trim().split('\n').entries())
    for (const word of line.split(' ')) subjects.set(word, [...(subjects.get(word) ?? []), subject]);
  return subjects;
}
