// What the page does for one step of a scenario, and what it was given: an async function of the step.
async ({api, url, options}) => {
  const PATIENCE = 4000;
  const patient = promise => Promise.race([
    promise, new Promise((_, refuse) => setTimeout(() => refuse(new Error("no end in time")), PATIENCE))]);
  const loaded = element => new Promise((resolve, refuse) => {
    element.onload = () => resolve();
    element.onerror = () => refuse(new Error("error event"));
    if (options.crossorigin) element.crossOrigin = options.crossorigin;
  });
  const ways = {
    async fetch() {
      const response = await fetch(url, options);
      const body = await response.text();
      return {type: response.type, status: response.status, redirected: response.redirected,
              headers: [...response.headers.keys()], length: body.length};
    },
    xhr: () => new Promise((resolve, refuse) => {
      const request = new XMLHttpRequest();
      request.open(options.method ?? "GET", url);
      request.withCredentials = options.credentials === "include";
      for (const [name, value] of Object.entries(options.headers ?? {})) request.setRequestHeader(name, value);
      if (options.upload) request.upload.onprogress = () => {};
      request.onerror = () => refuse(new Error("error event"));
      request.onload = () => resolve({
        status: request.status, length: request.responseText.length, redirected: request.responseURL !== url,
        headers: request.getAllResponseHeaders().trim().split("\r\n").filter(Boolean).map(line => line.split(":")[0])});
      request.send(options.body ?? null);
    }),
    async img() {
      const picture = new Image();
      const done = loaded(picture);
      picture.src = url;
      await done;
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 1;
      const context = canvas.getContext("2d");
      context.drawImage(picture, 0, 0);
      try {
        context.getImageData(0, 0, 1, 1);
        return {readable: true};
      } catch (error) {
        return {readable: false, why: String(error)};
      }
    },
    async script() {
      // The script throws: a page that may not read it is told "Script error." and nothing else.
      const element = document.createElement("script");
      let message = null;
      const listen = event => { message = event.message; event.preventDefault(); };
      addEventListener("error", listen);
      const done = loaded(element);
      if (options.type) element.type = options.type;
      element.src = url;
      document.head.append(element);
      try {
        await done;
      } finally {
        removeEventListener("error", listen);
      }
      return {readable: message !== "Script error.", why: message};
    },
    async link() {
      const element = document.createElement("link");
      const done = loaded(element);
      element.rel = "stylesheet";
      element.href = url;
      document.head.append(element);
      await done;
      try {
        return {readable: element.sheet.cssRules.length >= 0};
      } catch (error) {
        return {readable: false, why: String(error)};
      }
    },
    async font() {
      await new FontFace("tea", `url("${url}")`).load();
      return {readable: true};
    },
    eventsource: () => new Promise((resolve, refuse) => {
      const source = new EventSource(url, {withCredentials: options.credentials === "include"});
      source.onmessage = event => { source.close(); resolve({readable: true, length: event.data.length}); };
      source.onerror = () => { source.close(); refuse(new Error("error event")); };
    }),
    websocket: () => new Promise((resolve, refuse) => {
      const socket = new WebSocket(url.replace(/^http/, "ws"));
      socket.onopen = () => { socket.close(); resolve({opened: true}); };
      socket.onerror = () => refuse(new Error("error event"));
    }),
    form: () => new Promise(resolve => {
      const frame = Object.assign(document.createElement("iframe"), {name: "answer"});
      document.body.append(frame);
      const form = Object.assign(document.createElement("form"), {
        action: url, method: options.method ?? "POST", target: "answer", enctype: options.enctype ?? ""});
      for (const [name, value] of Object.entries(options.fields ?? {tea: "green"}))
        form.append(Object.assign(document.createElement("input"), {type: "hidden", name, value}));
      document.body.append(form);
      frame.onload = () => {
        try {
          resolve({navigated: true, readable: frame.contentWindow.document.URL === url});
        } catch (error) {
          resolve({navigated: true, readable: false, why: String(error)});
        }
      };
      form.submit();
    }),
  };
  try {
    return await patient(ways[api]());
  } catch (error) {
    return {error: String(error)};
  }
}
