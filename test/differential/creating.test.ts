// What the commands that create make of their flags, without the server, by both programs.
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Bench, startBench } from "./harness.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
  bench.file("words.env", "a=b\n# c\nD=1=2\n");
  bench.file("note.txt", "hello\n");
});
afterAll(() => bench.close());

const CLIENT = "--dry-run=client -o json";

it.each([
  `create namespace shop ${CLIENT}`,
  "create namespace",
  `create deployment web --image=x/web:1 --port=80 -r 3 --save-config ${CLIENT} -- sh -c x`,
  "create deployment web",
  "create deployment web --image=a --image=b -- c",
  `create configmap settings --from-literal=a=b --from-file=note.txt --append-hash ${CLIENT}`,
  `create configmap settings --from-env-file=words.env ${CLIENT}`,
  "create configmap settings --from-file=/nowhere",
  `create secret generic password --from-literal=word=xyzzy --type=x ${CLIENT}`,
  `create secret docker-registry pull --docker-username=u --docker-password=p ${CLIENT}`,
  "create secret tls web",
  `create service clusterip web --tcp=80:8080 --tcp=90:http ${CLIENT}`,
  `create service nodeport web --tcp=80 --node-port=30080 ${CLIENT}`,
  "create service clusterip web",
  `create service externalname db --external-name=db.example.com ${CLIENT}`,
  `create serviceaccount reader ${CLIENT}`,
  `create job hello --image=busybox ${CLIENT} -- date`,
  `create cronjob tick --image=busybox --schedule=* ${CLIENT}`,
  `create role reader --verb=get,list --resource=pods,deployments.apps,pods/log --resource-name=a ${CLIENT}`,
  "create role reader --verb=get --resource=nonsense",
  `create clusterrole logs --verb=get --non-resource-url=/logs/* ${CLIENT}`,
  `create rolebinding readers --role=reader --user=ann --serviceaccount=shop:web ${CLIENT}`,
  `create clusterrolebinding admins --clusterrole=admin --group=staff ${CLIENT}`,
  `create quota limits --hard=cpu=1,pods=2 --scopes=BestEffort ${CLIENT}`,
  `create priorityclass high --value=10 --description=first ${CLIENT}`,
  `create pdb web --selector=app=web --min-available=50% ${CLIENT}`,
  `create ingress web --rule=shop.example.com/cart*=cart:8080,tls=cert --rule=/=web:http ${CLIENT}`,
  "create ingress web",
  "create deployment web --image=a --dry-run=maybe",
  `run web --image=busybox --port=80 --env=A=b --labels=c=d ${CLIENT} --command -- sh`,
  "run web --image=UPPER",
])("%s", async (line) => {
  const words = line.split(" ").map((word) => word.replace(/(note\.txt|words\.env)$/, `${bench.folder}/$1`));
  const { skiff, kubectl } = await bench.both(words);
  expect(skiff).toEqual(kubectl);
});
