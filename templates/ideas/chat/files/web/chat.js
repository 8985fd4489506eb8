// A small client of the API: signs in, lists rooms, shows messages as they come. No framework, no
// build; whatever people wrote is shown with textContent, never as HTML.

const element = (id) => document.getElementById(id);
const state = {
  token: "",
  me: null,
  socket: null,
  room: null,
  // By room, the number of the last message seen.
  lastSeq: new Map(),
  // By id, what was said and is not acknowledged yet.
  unacknowledged: new Map(),
  frames: 0,
};

async function ask(method, path, body) {
  const response = await fetch("/api/v1" + path, {
    method,
    headers: {
      "Content-Type": "application/json",
      ...(state.token && { Authorization: "Bearer " + state.token }),
    },
    body: body && JSON.stringify(body),
  });
  const answer = response.status === 204 ? null : await response.json();
  if (!response.ok) {
    const reasons = answer.errors?.map((error) => error.detail).join(" ");
    throw new Error(reasons || answer.detail);
  }
  return answer;
}

element("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { username, password } = Object.fromEntries(new FormData(event.target));
  element("refusal").textContent = "";
  try {
    if (event.submitter?.value === "register") {
      await ask("POST", "/users", { username, password });
    }
    state.token = (await ask("POST", "/tokens", { username, password })).accessToken;
    state.me = await ask("GET", "/users/me");
    element("sign-in").hidden = true;
    element("chat").hidden = false;
    element("me").textContent = state.me.displayName;
    await Promise.all([connect(), showRooms()]);
  } catch (error) {
    element("refusal").textContent = error.message;
  }
});

/** Opens the WebSocket, and opens it again whenever it ends. */
async function connect() {
  try {
    const { ticket } = await ask("POST", "/ws-tickets");
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    state.socket = new WebSocket(`${scheme}//${location.host}/ws?ticket=${ticket}`);
  } catch {
    setTimeout(connect, 2000);
    return;
  }
  state.socket.addEventListener("open", () => {
    element("state").textContent = "online";
    if (state.room) subscribe(state.room);
    // What got lost with the last connection: the server stores no `clientId` twice.
    state.unacknowledged.forEach(send);
  });
  state.socket.addEventListener("message", (event) => receive(JSON.parse(event.data)));
  state.socket.addEventListener("close", () => {
    element("state").textContent = "connecting again";
    // Not all clients of a process that has stopped come back in the same moment.
    setTimeout(connect, 1000 + 3000 * Math.random());
  });
}

function send(frame) {
  if (state.socket?.readyState === WebSocket.OPEN) {
    state.frames += 1;
    state.socket.send(JSON.stringify({ id: String(state.frames), ...frame }));
  }
}

/** Gets a room's messages from now on, and first those since the last one seen. */
function subscribe(room) {
  const after = state.lastSeq.get(room.id);
  send({ type: "subscribe", roomId: room.id, ...(after === undefined ? {} : { after }) });
}

function receive(frame) {
  if (frame.type === "ack" || frame.type === "error") {
    state.unacknowledged.delete(frame.id);
    if (frame.type === "error") element("typing").textContent = frame.detail;
  } else if (frame.type === "message.created") {
    const { message } = frame;
    state.lastSeq.set(message.roomId, message.seq);
    if (message.roomId === state.room?.id) {
      showMessage(message);
      send({ type: "read", roomId: message.roomId, seq: message.seq });
    } else {
      showRooms();
    }
  } else if (frame.type === "message.edited" || frame.type === "message.deleted") {
    if (frame.message.roomId === state.room?.id) showMessage(frame.message);
  } else if (frame.type === "typing" && frame.roomId === state.room?.id) {
    showTyping();
  } else if (frame.type === "resync" && frame.roomId === state.room?.id) {
    if (frame.gone) {
      state.room = null;
      element("say").hidden = true;
      element("room-name").textContent = "You are no longer in this room";
      showRooms();
    } else {
      openRoom(state.room);
    }
  }
}

async function showRooms() {
  const [joined, open] = await Promise.all([
    ask("GET", "/rooms?pageSize=100"),
    ask("GET", "/rooms?scope=public&pageSize=100"),
  ]);
  element("rooms").replaceChildren(...joined.items.map(roomButton));
  const others = open.items.filter((room) => !room.role);
  element("public-rooms").replaceChildren(...others.map(roomButton));
}

function roomButton(room) {
  const button = document.createElement("button");
  const unread = room.unreadCount && room.id !== state.room?.id ? ` (${room.unreadCount})` : "";
  button.textContent = (room.name ?? room.peer.displayName) + unread;
  button.ariaCurrent = String(room.id === state.room?.id);
  button.addEventListener("click", () => openRoom(room));
  const item = document.createElement("li");
  item.append(button);
  return item;
}

async function openRoom(room) {
  if (!room.role) room = await ask("POST", `/rooms/${room.id}/join`);
  state.room = room;
  element("room-name").textContent = room.name ?? room.peer.displayName;
  element("say").hidden = false;
  const history = await ask("GET", `/rooms/${room.id}/messages?limit=100`);
  element("messages").replaceChildren();
  history.items.forEach(showMessage);
  const last = history.items.at(-1)?.seq ?? 0;
  state.lastSeq.set(room.id, last);
  if (last) send({ type: "read", roomId: room.id, seq: last });
  subscribe(room);
  showRooms();
}

function showMessage(message) {
  const item = document.createElement("li");
  item.id = "message-" + message.id;
  const author = document.createElement("span");
  author.className = "author";
  author.textContent = message.author.displayName;
  const time = document.createElement("time");
  time.dateTime = message.createdAt;
  time.textContent = new Date(message.createdAt).toLocaleTimeString();
  const text = document.createElement("span");
  text.textContent = message.text ?? "deleted";
  if (message.text === null) text.className = "note";
  item.append(author, " ", time, " ", text);
  const shown = element(item.id);
  if (shown) {
    shown.replaceWith(item);
  } else {
    element("messages").append(item);
    item.scrollIntoView();
  }
}

let typingTimer;
function showTyping() {
  element("typing").textContent = "Somebody is typing";
  clearTimeout(typingTimer);
  typingTimer = setTimeout(() => (element("typing").textContent = ""), 5000);
}

let typedAt = 0;
element("say").addEventListener("input", () => {
  if (Date.now() - typedAt > 3000 && state.room) {
    typedAt = Date.now();
    send({ type: "typing", roomId: state.room.id });
  }
});

element("say").addEventListener("submit", (event) => {
  event.preventDefault();
  const input = event.target.elements.text;
  if (!input.value.trim()) return;
  element("typing").textContent = "";
  // Not randomUUID(), which exists on https and localhost only.
  const id = Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("-");
  const frame = { type: "message.send", id, roomId: state.room.id, clientId: id, text: input.value };
  state.unacknowledged.set(id, frame);
  send(frame);
  input.value = "";
});

element("new-room").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  try {
    await openRoom(await ask("POST", "/rooms", { name: form.elements.name.value }));
    form.reset();
  } catch (error) {
    element("typing").textContent = error.message;
  }
});
