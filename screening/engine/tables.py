"""What the engine knows of words and letters, as data. Changing a table changes the engine's version."""


def words(text: str) -> list[str]:
    return text.split()


# Legal forms by class: which form says little about who it is; that two names bear differing classes says something.
LEGAL_FORMS = {
    word: kind
    for kind, forms in {
        "ltd": "ltd limited liability llc llp lp ooo gmbh sarl srl sl slu bv oy kft doo lda ltda pte pvt private pty plt wll fze fzco "
        "fzc spc sro eood mchj tov ltdsti sti mmc sdn bhd",
        "stock": "inc incorporated corp corporation co company companies ao oao pao zao jsc ojsc cjsc pjsc sa spa ag nv plc ab "
        "as asa sae tbk pt pcl psc sjsc saog saa sab oyj aktiengesellschaft stock stok joint public cv compania sociedad sapi abp nyrt spolka",
        "group": "group groupe grupo gruppe grup gruppa holding holdings",
        "state": "fgup fsue gup unitary",
    }.items()
    for word in words(forms)
}
# Runs of words that write a legal form out, and the form.
FORM_PHRASES = {
    "open joint stock company": "ojsc",
    "closed joint stock company": "cjsc",
    "public joint stock company": "pjsc",
    "private joint stock company": "pjsc",
    "joint stock company": "jsc",
    "limited liability company": "llc",
    "limited liability partnership": "llp",
    "society with limited liability": "llc",
    "federal state unitary enterprise": "fsue",
    "state unitary enterprise": "gup",
    "otkrytoe aktsionernoe obshchestvo": "oao",
    "publichnoe aktsionernoe obshchestvo": "pao",
    "zakrytoe aktsionernoe obshchestvo": "zao",
    "aktsionernoe obshchestvo otkrytogo tipa": "oao",
    "aktsionernoe obshchestvo": "ao",
    "obshchestvo s ogranichennoy otvetstvennostyu": "ooo",
    "obshchestvo s ogranichennoi otvetstvennostyu": "ooo",
    "tovarystvo z obmezhenoyu vidpovidalnistyu": "tov",
    "sociedad anonima": "sa",
    "societe anonyme": "sa",
    "sociedad limitada": "sl",
    "sendirian berhad": "sdn",
    "sp z o o": "spolka",
    "sp z oo": "spolka",
    "anonim sirketi": "as",
    "limited sirketi": "ltd",
    "l l c": "llc",
    "s a": "sa",
    "o o o": "ooo",
}
# Forms long enough to be known when misspelled or cut off.
LONG_FORMS = (
    "limited",
    "company",
    "companies",
    "corporation",
    "incorporated",
    "holdings",
    "holding",
    "compania",
    "sociedad",
)
TITLES = frozenset(
    words(
        "mr mrs ms miss dr prof professor sheikh shaykh shaikh sheik sayyid sayed syed seyyed hajj haji hajji "
        "hadji al-hajj mullah mulla maulavi mawlawi maulana mawlana ayatollah hojatoleslam general gen lt "
        "lieutenant col colonel brigadier brig maj major capt captain admiral eng engineer hon sir lord jr sr "
        "ii iii phd esq ustad qari hafiz emir amir prince princess commander sergeant"
    )
)
PARTICLES = frozenset(
    words(
        "al el ul ar as ad az an at ash the and of for de la le los las du des der den van von da do dos di "
        "del della abu ibn bin ben bint ould y e i o et und fi und und the in on and"
    )
)

# Letters of other scripts that look like Latin ones; folded inside of words that mix scripts only.
LOOKALIKES = str.maketrans(
    "авсеԁһіјкмоорԛѕтхуѵԝӏɡɑАВСЕНІЈКМОРЅТХУΑΒΕΖΗΙΚΜΝΟΡΤΥΧοναρτυικ",
    "abcedhijkmoopqstxyvwlgaABCEHIJKMOPSTXYABEZHIKMNOPTYXovaptuik",
)
# Digits that stand for letters inside of a word.
DIGITS_AS_LETTERS = str.maketrans("013458", "oleasb")
# Letter pairs that scanners read as one letter, and the reverse.
SCANNED = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("ii", "u"), ("i", "l"))

# Arabic script by consonants: long vowels are written, short ones are not. "ال" at the head of a word is the article.
ARABIC = {
    "ا": "a", "أ": "a", "إ": "i", "آ": "a", "ٱ": "a", "ب": "b", "پ": "p", "ت": "t", "ٹ": "t", "ث": "th", "ج": "j", "چ": "ch",
    "ح": "h", "خ": "kh", "د": "d", "ڈ": "d", "ذ": "dh", "ر": "r", "ڑ": "r", "ز": "z", "ژ": "zh", "س": "s", "ش": "sh", "ص": "s",
    "ض": "d", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh", "ف": "f", "ق": "q", "ک": "k", "ك": "k", "گ": "g", "ل": "l", "م": "m",
    "ن": "n", "ں": "n", "ه": "h", "ة": "a", "ہ": "h", "ھ": "h", "و": "w", "ؤ": "w", "ي": "y", "ی": "y", "ى": "a", "ئ": "y",
    "ے": "e", "ء": "", "ـ": "", "ۀ": "h", "ټ": "t", "ډ": "d", "ړ": "r", "ږ": "zh", "ښ": "sh", "ګ": "g", "ڼ": "n", "ې": "e",
    "ۍ": "y", "څ": "ts", "ځ": "z", "ۇ": "u", "ۆ": "o", "ۈ": "u", "ە": "e", "ڭ": "ng",
}  # fmt: skip

# Words of organizations in Arabic script that lists translate or spell in a way that the letters do not tell.
ARABIC_WORDS = {
    "الله": "allah", "بنك": "bank", "بانک": "bank", "البنك": "bank", "مصرف": "bank", "المصرف": "bank", "شركة": "company",
    "الشركة": "company", "شرکت": "company", "بن": "bin", "ابن": "ibn", "أبو": "abu", "ابو": "abu", "عبد": "abd",
    "دولي": "international", "الدولي": "international", "الدولية": "international", "صنایع": "industries", "صنعت": "industry",
    "الصناعات": "industries", "سازمان": "organization", "منظمة": "organization", "تنظيم": "organization",
    "مؤسسة": "foundation", "بنیاد": "foundation", "دانشگاه": "university", "جامعة": "university", "وزارة": "ministry",
    "وزارت": "ministry", "حركة": "movement", "جبهة": "front", "كتائب": "kataib", "التجارية": "trading", "للتجارة": "trading",
    "تجاری": "trading", "بازرگانی": "trading", "کشتیرانی": "shipping", "نفت": "oil", "النفط": "oil", "پتروشیمی": "petrochemical",
    "هواپیمایی": "airlines", "الطيران": "aviation", "ایران": "iran", "إيران": "iran", "سوريا": "syria", "السورية": "syrian",
    "العراق": "iraq", "جمهوری": "republic", "اسلامی": "islamic", "الإسلامية": "islamic", "الاسلامية": "islamic",
    "الإسلامي": "islamic", "مرکزی": "central", "المركزي": "central", "قناة": "tv", "تلویزیون": "tv",
    "سپاه": "sepah", "شهید": "shahid", "گروه": "group", "مجموعة": "group", "هيئة": "commission", "مركز": "center", "مرکز": "center",
}  # fmt: skip

# Hangul by its parts, as the two Koreas romanize personal names (initials k, t, p, ch; o for eo, u for eu).
HANGUL_INITIALS = ["k", "kk", "n", "t", "tt", "r", "m", "p", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"]
HANGUL_MEDIALS = words("a ae ya yae o e yo ye o wa wae oe yo u wo we wi yu u ui i")
HANGUL_FINALS = ["", *words("k k k n n n t l k m l l l p l m p p t t ng t t k t p t")]
# Korean words of organizations, translated where lists translate them; all else is read by the syllable.
HANGUL_WORDS = {
    "조선": " korea ", "한국": " korea ", "고려": " koryo ", "무역": " trading ", "총회사": " general corporation ",
    "회사": " company ", "은행": " bank ", "개발": " development ", "광업": " mining ", "인민군": " people s army ",
    "해운": " shipping ", "선박": " shipping ", "보험": " insurance ", "콤퓨터": " computer ", "컴퓨터": " computer ",
    "쎈터": " center ", "센터": " center ", "합작": " joint venture ", "기계": " machinery ", "건설": " construction ",
    "국제": " international ", "과학": " science ", "기술": " technology ", "대학": " university ", "연구소": " research institute ",
    "위원회": " committee ", "경제": " economic ", "석탄": " coal ", "항공": " air ", "대외": " foreign ", "주식회사": " corporation ",
    "유한회사": " co ltd ", "석유": " oil ", "화학": " chemical ", "중앙": " central ", "국가": " state ", "노동당": " workers party ",
    "로동당": " workers party ",
}  # fmt: skip

# Chinese words of organizations and places, translated where lists translate them; all else is read as pinyin.
HAN_WORDS = {
    "有限责任公司": " llc ", "有限公司": " co ltd ", "股份": " stock ", "公司": " company ", "集团": " group ", "集團": " group ",
    "技术": " technology ", "技術": " technology ", "科技": " technology ", "科学": " science ", "大学": " university ",
    "大學": " university ", "研究所": " research institute ", "研究院": " research institute ", "工业": " industry ",
    "工業": " industry ", "工程": " engineering ", "贸易": " trading ", "貿易": " trading ", "国际": " international ",
    "國際": " international ", "电子": " electronics ", "電子": " electronics ", "银行": " bank ", "銀行": " bank ",
    "中国": " china ", "中國": " china ", "香港": " hong kong ", "航空": " aviation ", "航天": " aerospace ", "通信": " communication ",
    "通讯": " communication ", "半导体": " semiconductor ", "进出口": " import export ", "投资": " investment ",
    "发展": " development ", "石油": " petroleum ", "船舶": " shipbuilding ", "海运": " shipping ", "物流": " logistics ",
    "实业": " industrial ", "制造": " manufacturing ", "设备": " equipment ", "国家": " national ", "中心": " center ",
    "電信": " telecom ", "电信": " telecom ", "移动": " mobile ", "海洋": " ocean ", "北方": " north ", "南方": " south ",
    "数字": " digital ", "信息": " information ", "产业": " industry ", "软件": " software ", "网络": " network ",
    "系统": " systems ", "精密": " precision ", "机械": " machinery ", "光学": " optical ", "光电": " optoelectronics ",
    "材料": " materials ", "化工": " chemical ", "化学": " chemical ", "能源": " energy ", "电力": " electric power ",
    "动力": " power ", "保险": " insurance ", "总公司": " corporation ", "哈尔滨": " harbin ", "内蒙古": " inner mongolia ",
    "西藏": " tibet ", "澳门": " macau ", "陕西": " shaanxi ", "联合": " united ", "汽车": " automobile ", "铁路": " railway ",
    "建设": " construction ", "建筑": " construction ", "计算机": " computer ", "人工智能": " artificial intelligence ",
    "智能": " intelligent ", "微电子": " microelectronics ", "卫星": " satellite ", "雷达": " radar ", "导航": " navigation ",
    "医药": " pharmaceutical ", "矿业": " mining ", "钢铁": " iron steel ", "邮电": " posts telecommunications ",
    "航空航天": " aeronautics astronautics ", "西北": " northwestern ", "长城": " great wall ", "长江": " yangtze ",
    "创新": " innovation ", "安全": " security ",
}  # fmt: skip
CYRILLIC_WORDS = {
    "банк": "bank", "компания": "company", "группа": "group", "концерн": "concern", "корпорация": "corporation",
    "завод": "plant", "институт": "institute", "академия": "academy", "университет": "university", "центр": "center",
    "фонд": "fund", "предприятие": "enterprise", "научно": "scientific", "производственное": "production",
    "исследовательский": "research", "государственный": "state", "государственная": "state", "министерство": "ministry",
}  # fmt: skip
