"""What columns of feedback files are called, in Chinese and English, role by role.

Names are compared folded (lower case, no spaces, `_`, `-` or brackets). `exact` names are the
whole name; `partial` ones are regular expressions found anywhere in it; `never` rules a column
out whatever else speaks for it.
"""

import re
import unicodedata
from dataclasses import dataclass

EXACT = 1.0
PARTIAL = 0.6


@dataclass(frozen=True, slots=True)
class RoleNames:
    """How columns of one role are called."""

    exact: frozenset[str]
    partial: re.Pattern[str] | None = None
    never: re.Pattern[str] | None = None

    def score(self, name: str) -> float:
        """1 for a name of this role, 0.6 for one that contains a word of it, else 0."""
        folded = fold_name(name)
        if folded in self.exact:
            return EXACT
        if self.never and self.never.search(folded):
            return 0.0
        return PARTIAL if self.partial and self.partial.search(folded) else 0.0


def fold_name(name: str) -> str:
    """Fold a column name for comparison.

    >>> fold_name("User_ID ")
    'userid'
    """
    plain = unicodedata.normalize("NFKC", name).lower()
    return re.sub(r"[\s_\-.:()\[\]/\\*#?]+", "", plain)


def _names(words: str, partial: str = "", never: str = "") -> RoleNames:
    return RoleNames(
        frozenset(fold_name(word) for word in words.split()),
        re.compile(partial) if partial else None,
        re.compile(never) if never else None,
    )


_PERSON_ZH = "用户 客户 会员 顾客 买家 作者 评论者 评论人 受访者 消费者 投诉人 发帖人 反馈人"
_PERSON_EN = "user customer author reviewer respondent client buyer consumer account patient"


def _people() -> str:
    zh = [person + ending for person in _PERSON_ZH.split() for ending in ("", "id", "编号", "号", "名", "姓名", "昵称", "名称", "账号", "代码")]
    en = [person + ending for person in _PERSON_EN.split() for ending in ("", "id", "name", "no", "number", "key", "code", "uuid", "hash")]
    return " ".join([*zh, *en, "uid openid unionid nickname 昵称 用户标识 客户标识 memberid"])


ROLES: dict[str, RoleNames] = {
    "text": _names(
        "内容 评论 评价 评论内容 评价内容 留言 留言内容 反馈 反馈内容 意见 意见内容 建议 正文 文本 "
        "投诉内容 投诉描述 投诉详情 问题描述 描述 详情 客户原声 用户原声 原声 原文 诉求内容 来电内容 "
        "工单内容 对话内容 备注 吐槽 评语 客户反馈 用户反馈 用户评论 用户评价 追评 开放题 回答 "
        "content review reviews text comment comments desc description feedback body message "
        "verbatim reviewbody reviewtext reviewcontent commenttext commentcontent verifiedreviews "
        "complaint complaintcontent detail details opinion remark remarks answer response tweet post "
        "note notes freetext feedbacktext customerfeedback usercomment suggestion",
        "内容|评论|评价|留言|反馈|意见|建议|投诉|描述|原声|诉求|吐槽|正文|文本|备注|详情|"
        "content|review|text|comment|desc|feedback|verbatim|complaint|remark|message|answer|"
        "response|opinion|suggestion|body",
        "时间|日期|编号|次数|数量|类型|类别|分类|级别|等级|评分|得分|满意|状态|链接|标签|作者|"
        "(?:id|ids|time|date|count|num|type|level|score|rating|url|link|label|status|"
        "category|author|lang|sentiment)$|^reply|回复|答复|question|问题$|^是否",
    ),
    "title": _names(
        "标题 主题 评论标题 评价标题 留言标题 投诉标题 title subject headline reviewtitle reviewsummary summary topic 题目",
        "标题|title$|headline",
    ),
    "time": _names(
        "时间 日期 评论时间 评价时间 发布时间 发表时间 留言时间 反馈时间 投诉时间 创建时间 提交时间 "
        "评论日期 评价日期 投诉日期 受理时间 来电时间 下单时间 填写时间 提交日期 答题时间 "
        "time date datetime timestamp createdat created occurredat createtime creationtime createdtime "
        "reviewdate reviewtime commenttime commentdate publishedat postedat submittedat submitted "
        "tweetcreated at ts",
        "时间|日期|time|date|created|posted|submitted",
        "回复|答复|更新|修改|结束|完成|关闭|处理|出生|生日|reply|replied|update|modif|closed|resolved|birth|expire|时间段|timezone|时长",
    ),
    "rating": _names(
        "评分 星级 打分 分数 得分 评星 满意度 综合评分 总评分 总分 总体评分 评价星级 总体满意度 "
        "整体满意度 推荐度 推荐意愿 推荐指数 nps nps分 nps评分 nps得分 "
        "rating score star stars rate ratings overallrating overall starrating reviewrating csat ces "
        "npsscore csatscore satisfaction",
        "满意度|评分|星级|打分|推荐|nps|csat|rating|score|stars?$|satisfaction|likelihood|费力",
        "标识|sentiment|情感|confidence|置信|情绪|次数|count|reason|原因|理由|question|"
        "(?:user|customer|member|用户|客户|会员)(?:rating|score|stars?|星级|评分)",
    ),
    "id": _names(
        "id 编号 序号 评论id 评价id 留言编号 投诉编号 工单号 工单编号 反馈id 反馈编号 记录id 流水号 "
        "消息id 案件编号 案件号 单号 评论编号 答卷编号 答卷id 帖子id "
        "msgid messageid reviewid commentid feedbackid docid tweetid contentid recordid rowid "
        "complaintid ticketid caseid caseno ticketno responseid surveyid postid uuid guid externalid "
        "no number key index",
        "(?:id|编号|工单号|uuid)$",
    ),
    "customer": _names(_people(), "(?:用户|客户|会员|顾客)(?:id|编号)$"),
    "product": _names(
        "产品 型号 商品 产品名称 产品名 产品型号 商品名称 商品名 商品型号 车型 车系 机型 款式 应用 "
        "app appname application product productname productmodel productid producttitle model "
        "modelname carmodel device devicename item itemname sku skuname variation asin goods "
        "goodsname 课程 项目名称 服务项目",
        "产品(?:名|型)|商品(?:名|型)|product(?:name|model|title)|car(?:model|series)",
    ),
    "brand": _names(
        "品牌 厂商 厂家 生产商 制造商 品牌名称 brand brandname manufacturer maker make vendor "
        "airline bank company 公司 航空公司 银行 organization organisation trust",
        "^brand|品牌$",
    ),
    "region": _names(
        "地区 城市 区域 省份 省 市 区县 省市 地域 大区 所在地 归属地 ip属地 所在城市 所在地区 用户地区 "
        "region city province area place location country state userregion district 国家",
        "(?:地区|城市|省份|区域)$|region$|city$|province$",
    ),
    "store": _names(
        "门店 店铺 店名 门店名称 店铺名称 网点 营业厅 分店 商家 商户 酒店 酒店名称 餐厅 机构 "
        "store shop branch outlet storename shopname hotel restaurant hotelname dealer 经销商 4s店",
        "门店|店铺|storename|shopname",
        "地址|电话|是否|address|phone",
    ),
    "channel": _names(
        "渠道 来源 平台 来源渠道 反馈渠道 数据来源 评论来源 投诉渠道 channel source platform src orderfrom origin medium",
        "渠道|channel$",
    ),
    "segment": _names(
        "客户类型 用户类型 会员等级 客户等级 用户等级 客户群 客群 人群 会员级别 客户星级 用户分层 "
        "segment customersegment usersegment memberlevel userlevel customertype usertype tier "
        "customertier membership viplevel",
    ),
    "touchpoint": _names("触点 环节 业务环节 服务环节 场景 touchpoint journeystage stage"),
    "invited": _names("邀评 是否邀评 是否邀请 邀请 invited solicited isinvited"),
    "url": _names("url link 链接 网址 地址链接 href permalink 原文链接 评论链接"),
}


def is_known_name(name: str) -> bool:
    """Whether this is, word for word, what a column of feedback may be called."""
    folded = fold_name(name)
    return any(folded in names.exact for names in ROLES.values())
