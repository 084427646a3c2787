/** Words of Chinese everyday life in pinyin, in plain form: what people who type on such a keyboard choose first. */
export const chineseWords: readonly string[] = `
woaini woaiwo woaita wobuaini woxiangni woheni womenai niaiwo aini ainiyiwannian aiqing aixin airen ainia xiangni
xihuanni zhongaini yishengaini yongyuanaini yongyuan yibeizi yishengyishi bairitouxie qinaide baobao baobei xinganbao
laopo laogong laoba laoma baba mama yeye nainai gege jiejie didi meimei erzi nver sunzi sunnv jiujiu shushu ayi guma
guzhang xiaobaobei xiaokeai xiaotudou xiaopangzi xiaogongju gongzhu wangzi nvshen nanshen xiongdi jiemei pengyou tongxue
tongshi laoshi xuesheng jiaoshou boshi yisheng hushi jingcha jiefangjun gongren nongmin siji chushi laoban jingli
zhuren shuji xiaozhang zongjingli dongshizhang mishu kuaiji chuna caiwu renshi xingzheng yewu xiaoshou keji jishu
mima wodemima mimashi mimabaohu xinmima laomima yonghuming zhanghao zhanghu denglu zhuce guanliyuan guanli chaoji
chaojiguanliyuan ceshi ceshizhanghao moren morenmima diannao dianhua shouji shoujihao youxiang weixin weixinhao zhifubao
taobao tianmao jingdong pinduoduo meituan eleme didichuxing douyin kuaishou xiaohongshu weibo zhihu douban bilibili
tengxun alibaba baidu huawei rongyao xiaomi hongmi meizu lianxiang haier geli meidi gree zhongxing dajiang biyadi
jili changan changcheng qirui wuling hongqi maotai wuliangye mengniu yili wahaha nongfushanquan kangshifu tongyi
laoganma haidilao luckin ruixing shunfeng zhongtong yuantong shentong yunda youzheng jingdongwuliu cainiao
gongshangyinhang jiansheyinhang nongyeyinhang zhongguoyinhang zhaoshangyinhang jiaotongyinhang yinhang yinhangka
qianbao hongbao facai facaile gongxifacai zhaocaijinbao wanshiruyi jixiangruyi shengyixinglong caiyuanguangjin
yifanfengshun xinxiangshicheng shentijiankang pinganxifu pingan ruyi jixiang shunli kuaile xingfu jiankang changshou
shengrikuaile xinniankuaile zhongqiu chunjie guoqing duanwu qingming yuanxiao chongyang laba qixi shengdan
chunxiaqiudong chuntian xiatian qiutian dongtian taiyang yueliang xingxing tiankong dahai haiyang xiaoniao xiaogou
xiaomao xiaotu laohu shizi xiongmao daxiongmao gouguo maomi zhuzhu xiaozhu niuniu mama longlong fenghuang qilin
shuzhu niu hu tu long she ma yang hou ji gou zhu shulaoshu shengxiao tianping tianxie sheshou mojie shuiping
shuangyu baiyang jinniu shuangzi juxie shizizuo chunv xingzuo
zhongguo zhonghua zhonghuarenmin woaizhongguo woaibeijing zuguo beijing shanghai tianjin chongqing guangzhou shenzhen
dongguan foshan zhuhai huizhou zhongshan shantou zhanjiang hangzhou ningbo wenzhou jiaxing shaoxing jinhua taizhou
nanjing suzhou wuxi changzhou nantong xuzhou yangzhou zhenjiang hefei wuhu fuzhou xiamen quanzhou nanchang ganzhou
jinan qingdao yantai weifang linyi zhengzhou luoyang kaifeng wuhan yichang xiangyang changsha zhuzhou hengyang
chengdu mianyang guiyang zunyi kunming dali lijiang lasa xian baoji xianyang lanzhou xining yinchuan wulumuqi
huhehaote baotou shenyang dalian anshan changchun jilin haerbin daqing qiqihaer shijiazhuang tangshan baoding
handan taiyuan datong nanning guilin liuzhou haikou sanya hongkong xianggang aomen taiwan taibei gaoxiong
hebei shanxi liaoning heilongjiang jiangsu zhejiang anhui fujian jiangxi shandong henan hubei hunan guangdong
guangxi hainan sichuan guizhou yunnan shaanxi gansu qinghai xizang xinjiang ningxia neimenggu
changjiang huanghe huangshan taishan huashan emeishan xihu gugong changchenghao tiananmen waitan
nihao nihaoma nihaoya xiexie zaijian duibuqi meiguanxi meiwenti haode hao henhao haohaoxuexi tiantianxiangshang
jiayou jiayouba nuli nulifendou fendou chenggong chenggonglu mengxiang lixiang weilai ziyou pingdeng gongzheng
wozhidao nizhidao buzhidao suibian suibianba wangle wangjile wangjimima guaiguai haha hahaha hehe heihei xixi
chifan shuijiao xuexi gongzuo shangban xiaban fangjia huijia wojia woaiwojia jiaren jiating yijiaren sanren
huanle kaixin kaixinguo feichang feichanghao lihai bendan huaidan
zhangsan lisi wangwu sunwukong zhubajie tangseng shaseng xiyouji hongloumeng sanguo sanguoyanyi shuihu shuihuzhuan zhugeliang guanyu
zhangfei liubei caocao zhaoyun lvbu diaochan xishi yangguifei wangzhaojun libai dufu sushi luxun kongzi laozi mengzi
yuanshen wangzherongyao yingxionglianmeng hepingjingying chuanqi moshou menghuan menghuanxiyou dahuaxiyou jianxia
zhoujielun dengziqi lironghao linjunjie chenyixun liudehua zhangxueyou guofucheng limingge wangfei dengliqun
yaoming liuxiang langping liyundi langlang chenglong lilianjie lixiaolong
`
  .trim()
  .split(/\s+/)

// The surnames that most people have, and the syllables that given names are made of.
const surnames =
  `wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he gao lin luo zheng liang xie song
tang han feng deng cao peng zeng xiao tian dong yuan pan yu jiang cai du ye cheng su wei lv ding ren lu yao shen zhong
jin cui tan fan shi liao jia xia fu fang zou xiong bai meng qin qiu hou yin xue yan lei duan long tao hao kong shao mao`
    .trim()
    .split(/\s+/)
const givenSyllables = `wei fang na min jing li qiang lei jun yang yong yan jie juan tao ming chao xiu xia ping gang gui
ying hua yu hui lan hong dan feng bo peng fei long bin kai xin yi yue xue ting ting mei qing ning jia hao xuan zi han
chen yu meng rui ze cheng guo jian guang zhi wen shan xiang liang dong nan bei hai jiang shu qi lin sen tian le an kang`
  .trim()
  .split(/\s+/)

const surnameSet: ReadonlySet<string> = new Set(surnames)
const syllableSet: ReadonlySet<string> = new Set(givenSyllables)
const longestSyllable = 5

/**
 * Whether letters are a Chinese name written out: a frequent surname, alone or before one or two syllables of
 * given names.
 *
 * @param letters - lower case, as typed
 */
export const isChineseName = (letters: string): boolean => {
  if (letters.length > 3 * longestSyllable + 1) return false
  if (surnameSet.has(letters)) return true
  for (let end = 2; end <= longestSyllable + 1; end += 1) {
    if (surnameSet.has(letters.slice(0, end)) && isGivenName(letters.slice(end))) return true
  }
  return false
}

const isGivenName = (letters: string): boolean => {
  if (syllableSet.has(letters)) return true
  for (let end = 2; end <= longestSyllable; end += 1) {
    if (syllableSet.has(letters.slice(0, end)) && syllableSet.has(letters.slice(end))) return true
  }
  return false
}
