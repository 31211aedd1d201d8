"""Words of interfaces, calendars and products: capitalised on every screen, and never a name by themselves."""

INTERFACE = frozenset(
    (
        "january february march april may june july august september october november december jan feb mar apr jun jul"
        " aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur"
        " thurs fri sat sun am pm utc gmt cet est pst"
        # products and file types
        " android apple adobe acrobat amazon atlassian aws azure bing bluetooth chrome chromium cisco citrix confluence"
        " copilot cortana debian dell django docker docs docx dropbox edge excel exe facebook figma firefox gemini github"
        " gitlab gmail google gradle grafana hotmail hubspot ibm imap instagram intel ios ipad iphone java javascript"
        " jenkins jira jpg json jupyter kotlin kubernetes lenovo linkedin linux mac macbook macos maven meet microsoft"
        " mongodb mozilla netflix node notepad notion nvidia office onedrive onenote oracle outlook paypal pdf perl"
        " photoshop png postgres powerpoint powershell python redis reddit salesforce samsung sap selenium sharepoint"
        " siri skype slack sony spotify stripe sway tableau teams terraform tiktok trello twitter ubuntu unix usb vim visa"
        " visio vscode webex whatsapp wifi wikipedia windows word workday xbox xml yahoo youtube zendesk zip zoom"
        # controls and commands
        " admin alt app apps attendees browser button cancel captcha checkbox chat checkout click close cmd combobox"
        " config crm ctrl dashboard default delete desktop details dialog dm download edit email emails enter esc exit"
        " explorer faq favicon faqs file filter folder font form forum hello help hey hi home homepage hr html http https"
        " icon id image images inbox info inline input iframe install item label lang layout link linklayout list listitem"
        " listview login logo logout mailbox menu metadata navbar null ok okay online page password permalink playlist"
        " plugin plugins popup post preview print private profile proxy readme recaptcha refresh reload reply reset rt save"
        " screenshot scroll search select send server settings share shift sidebar signin signup sms spam startup"
        " statictext submit subject subreddit support switch sync tab tabs tablet tag taskbar terminal textbox textview"
        " thanks toggle togglebutton toolbar tooltip tweet undo unread untitled update upload url username video"
        " videoview view viewport wallpaper watches web webapp webpage website webview widget workspace xls xlsx csv"
        # forms of address, and chat
        " mr mrs ms miss dr prof sir dear regards sincerely cheers lol lmao omg haha tmrw thx pls btw asap imo idk"
    ).split()
)
