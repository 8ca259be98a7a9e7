"""Names of people, in which any characters may stand side by side, also twice the same: 张伟伟, 贾强.

No list has them. They begin with one of the common surnames, and none of their characters belongs to those beside it.
"""

from __future__ import annotations

from collections.abc import Callable

LENGTH = 3  # characters, at most
# The two hundred most common ones; four fifths of all people have one of the first hundred.
SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康"
    "毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢岳齐梅莫庄辛管祝左涂谷祁耿牟卜"
)
_BEFORE = frozenset("\n由报人长任员记与和")  # 联系人, 局长, 主任, 书记


def is_in_a_name(text: str, place: int, together: Callable[[int], bool]) -> bool:
    """Return whether what stands at a place of `text` seems to be part of a person's name.

    `together` says of a place whether the character there and the next one go together anywhere. There is something
    in front of every name, if only the end of a line.
    """
    for begin in range(place - LENGTH + 1, place + 1):
        if text[begin] in SURNAMES and "\n" not in text[begin:place]:
            apart = not any(together(at) for at in range(begin, place + 1))
            if apart and (text[begin - 1] in _BEFORE or not together(begin - 1)):
                return True
    return False
