"""Top-level domains: all of the countries, and common ones of others."""

from typing import Final

_COUNTRIES: Final = """
    ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs
    bt bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec
    ee eg er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy
    hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz
    la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx
    my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re
    ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th
    tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
    рф бел укр қаз срб мкд бг мон ею
"""
_OTHERS: Final = """
    academy agency app art bank best bet bid bio biz blog business cafe camp capital center chat
    city click cloud club coach codes com community company cool courses credit data dating deals
    dev digital direct edu education email energy events expert express family fashion film
    finance fit foundation fun fund game games global gov group guide guru health help host house
    info institute int international jobs kids land lgbt life link live love ltd market marketing
    media mil mobi money moscow museum name net network news ninja one online org page partners
    photo photos plus press pro property pub rent report rest rocks run sale school science
    services shop show site social software solutions space store stream studio study style
    support systems team tech technology tips today tools top tours town toys trade training
    travel university video vip vision wiki win work works world xxx xyz yoga zone
    дети москва онлайн орг рус сайт ком
"""
TOP_LEVEL: Final = frozenset((_COUNTRIES + _OTHERS).split())
