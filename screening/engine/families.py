"""Words that are forms, short forms or translations of one another: general knowledge, with no name of a listed party."""

# A family a line. Words as names are folded to them; each stands in one family only. First what organizations are and do.
_FAMILIES = """
technology technologies technological tech tekhnologii tekhnologiya tehnologii technologie tecnologia tecnologias teknoloji
international intl internacional internationale internazionale mezhdunarodny mezhdunarodnyy mezhdunarodnaya uluslararasi
industry industries industrial industrie industria industrias sanaye sanayeh sanaie sanayi promyshlennost promyshlennaya
engineering engineers engr engrg ingenieria muhendislik mohandesi inzhiniring
trading trade trdg torgovy torgovyy torgovaya torgovlya ticaret bazargani comercio commerce
commercial comercial commerciale kommercheskiy kommerchesky
bank banco banque banca banka bankasi
shipping shpg shipg kashtirani keshtirani
university universitet universite universidad universitat univ daneshgah
institute institut instituto inst institution enstitusu
research recherche issledovatelskiy issledovatelsky issledovatelskaya tahghighat investigaciones
scientific science sciences nauchno nauchny nauchnyy nauchnaya
production proizvodstvennoe proizvodstvennoye proizvodstvenny proizvodstvennaya proizvodstvo produccion
association obedinenie obedineniye obyedinenie obyedineniye asociacion assoc assn
plant factory zavod fabrika works
center centre centro tsentr centr zentrum merkezi
bureau byuro buro biuro
design konstruktorskoe konstruktorskoye konstruktorskiy
development desarrollo razvitiya razvitie devel toseeh towseeh
national nacional nationale natsionalny natsionalnyy natsionalnaya natl
state gosudarstvennoe gosudarstvenny gosudarstvennyy gosudarstvennaya
ministry ministerio ministerstvo ministere vezarat
airlines airline airways air
aviation aviatsiya aviatsionny aviatsionnyy aviatsionnaya aviacion
aerospace aerokosmicheskiy aeroespacial havafaza
electronics electronic elektronika elektronik electronica electronique electroniques
electric electrical electricity elektrik electrica
machinery machine machines mashin mashinostroitelny mashinostroitelnyy makina
manufacturing manufacture manufacturers manufacturer mfg
chemical chemicals chem chemistry khimicheskiy quimica kimya
petrochemical petrochemicals petrochemistry petroshimi
oil petroleum petroleos neft neftyanaya naft
investment investments inversiones invest investitsii investissement yatirim
insurance seguros strakhovanie strakhovaya bimeh sigorta
services service servicios svcs uslugi khadamat
systems system sistemas sistemy systemes sistem
communication communications comunicaciones svyaz kommunikatsii
telecommunications telecommunication telecom telekom telecomunicaciones telekommunikatsii
construction constructions construcciones constructora stroitelstvo stroitelny stroitelnaya insaat
transport transportation transportes transporte transports nakliyat
management mgmt mgt
exchange exchanges sarafi cambio
foundation fundacion fondation fond bonyad vakfi
organization organisation organizacion organizatsiya sazman sazmane sazeman
import imports importacion importaciones
export exports exportacion exportaciones
enterprise enterprises empresa empresas predpriyatie predpriyatiye entreprise
agency agencia agentstvo agence
equipment equipments equipos oborudovanie
metal metals metallic metales
mineral minerals minerales
mining mines mine minera madan
energy energia energiya energetika enerji energie
logistics logistic logistica logistika lojistik
department dept departamento departement
division div
laboratory laboratories lab labs laboratorio laboratoriya
committee comite komitet
central centrale tsentralny tsentralnyy tsentralnaya
republic republica respublika republique jomhouri jomhuri
islamic islami eslami
military voenny voennyy
marine maritime maritima
network networks
product products productos
supply supplies suministros
solution solutions soluciones
resource resources recursos
material materials materiales
instrument instruments
pharmaceutical pharmaceuticals pharma farmaceutica
agricultural agriculture agricola
textile textiles
automobile automotive automotriz
computer computers
optical optics optic
property properties
motor motors
line lines
port ports puerto
project projects proyectos
brigade brigades katibat kataib
movement harakat movimiento
army jaish ejercito
charity charitable
north northern
south southern
east eastern
west western
russia russian rossiya rossii rossi rossiyskaya rossiyskiy rossiyskoy
iran iranian
syria syrian
china chinese zhongguo
korea korean choson chosun
belarus belarusian belarussian
ukraine ukrainian
venezuela venezuelan
cuba cuban
pakistan pakistani
"""
_GIVEN_NAMES = """
aleksandr alexander aleksander oleksandr alyaksandr aliaksandr alexandr alexandre
aleksandra alexandra oleksandra
aleksey alexei alexey aleksei oleksiy oleksii alyaksey
nikolay nikolai mykola mikalai nicolai nicholas
dmitry dmitriy dmytro dzmitry dmitri dmitrii
sergey sergei serhiy serhii siarhei sergiy
vladimir volodymyr uladzimir wladimir
mikhail mykhailo mykhaylo mihail michael
andrey andrei andriy andrii andrew
yevgeny evgeny evgeniy yevgeniy yevhen yauhen eugene evgenii
yuri yury yuriy iurii yurii
pavel pavlo paul
petr pyotr petro peter piotr
igor ihor ihar
oleg oleh aleh
viktor victor viktar
vasily vasiliy vasyl vasili
grigory grigoriy hryhoriy ryhor gregory
konstantin kostyantyn kanstantsin constantine
yekaterina ekaterina katerina kateryna
yelena elena olena alena
tatyana tatiana tetyana tatsiana
natalya natalia nataliya natallia
galina halina halyna
kirill kyrylo cyril
gennady gennadiy hennadiy henadz
georgy georgiy georgi heorhiy george
fyodor fedor fedir
usama osama
"""
# Words that many organizations bear beside the one that tells them apart.
_GENERIC = """
digital general global world universal first second new great united joint public private city region regional office
branch subsidiary affiliate affiliated overseas foreign federal royal people peoples public special limited group
holding holdings capital finance financial credit house business consulting security information software internet
online media mobile power africa african america american asia asian europe european eurasian middle far gulf arab
arabian baltic caspian pacific atlantic afghanistan algeria angola argentina armenia australia austria azerbaijan
bahrain bangladesh belgium brazil bulgaria cambodia canada chile colombia croatia cyprus czech denmark ecuador egypt
egyptian england eritrea estonia ethiopia finland france french georgia german germany deutschland ghana greece
guatemala honduras hong kong hungary iceland india indian indonesia iraq iraqi ireland israel italy italia japan
jordan kazakhstan kenya kuwait kyrgyzstan laos latvia lebanon lebanese liberia libya libyan lithuania luxembourg
malaysia malta mexico moldova mongolia morocco mozambique myanmar nepal netherlands nicaragua niger nigeria norway
oman panama paraguay peru philippines poland portugal qatar romania saudi serbia singapore slovakia slovenia somalia
spain espana sudan sweden switzerland tajikistan taiwan tanzania thailand tunisia turkey turkmenistan uganda uk
uruguay usa uzbekistan vietnam yemen zambia zimbabwe dprk beijing shanghai shenzhen guangzhou hangzhou chengdu wuhan
nanjing tianjin harbin dalian dandong chongqing suzhou xian moscow moskva petersburg minsk kiev kyiv tehran teheran
isfahan baghdad damascus beirut dubai sharjah istanbul ankara karachi lahore islamabad kabul london paris berlin
geneva zurich vienna bogota cali caracas havana pyongyang seoul tokyo macau
"""
FAMILIES = {word: line.split()[0] for line in (_FAMILIES + _GIVEN_NAMES).split("\n") for word in line.split()}
GENERIC = frozenset((_FAMILIES + _GENERIC).split())
